package org.psidgateway.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.secrets.SecretKeys;
import org.psidgateway.store.MappingStore;
import org.psidgateway.time.Ticker;

/** The tiers that the configuration asks for. */
final class CacheTiers {

  @Produces
  @Singleton
  static CacheMeters meters(MeterRegistry registry) {
    return new CacheMeters(registry);
  }

  @Produces
  @Singleton
  static LocalTier local(
      CacheConfig config, MappingStore store, InstantSource clock, CacheMeters meters) {
    LocalTier tier = new LocalTier(config.l1().maxEntries(), store.recheckAfter(), clock, meters);
    meters.watch(tier);
    return tier;
  }

  /** With Redis disabled its client is never asked for: without an address there is none. */
  @Produces
  @Singleton
  static SharedTier shared(
      CacheConfig config,
      MappingStore store,
      InstantSource clock,
      CacheMeters meters,
      Deployment deployment,
      SecretKeys secrets,
      UpstreamKind upstream,
      RedisPipelines pipelines,
      RedisServers servers,
      Instance<Redis> redis,
      Vertx vertx,
      Ticker ticker) {
    return config.redis().enabled()
        ? new RedisTier(
            pipelines.open(redis, vertx, ticker),
            new PresentFormat(deployment, secrets, upstream),
            config.redis(),
            store.recheckAfter(),
            clock,
            meters,
            servers,
            () -> TypedGuard.create(new TypeLiteral<>() {}))
        : new NoSharedTier();
  }
}
