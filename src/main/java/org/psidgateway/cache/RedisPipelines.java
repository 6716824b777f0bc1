package org.psidgateway.cache;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.psidgateway.time.Ticker;

/**
 * The pipeline that {@code quarkus.redis} asks for. Quarkus wraps each client, which hides the node
 * of a cluster that a wrapped one would ask. So Quarkus's options are noted when it makes its
 * client, and for a cluster a second client is made from the same ones.
 */
@Singleton
class RedisPipelines implements RedisOptionsCustomizer {
  private @Nullable RedisOptions options;

  /** Called while Quarkus starts, before there is anything that could be injected here. */
  @Override
  public void customize(String clientName, RedisOptions passing) {
    options = passing;
  }

  Pipeline open(Instance<Redis> redis, Vertx vertx, Ticker ticker) {
    Redis client = redis.get(); // options are noted by now
    return options != null && options.getType() == RedisClientType.CLUSTER
        ? new ClusterPipeline(Redis.createClient(vertx, options), vertx, ticker)
        : new ServerPipeline(client);
  }
}
