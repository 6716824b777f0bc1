package org.psidgateway.testing;

import io.quarkus.redis.runtime.client.ObservableRedis;
import io.quarkus.redis.runtime.client.VertxRedisClientFactory;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Clients as Quarkus makes them, of what the gateway ships with and of a test's own keys. */
public final class QuarkusRedis {
  private QuarkusRedis() {}

  /**
   * What is injected.
   *
   * @param keys without {@code quarkus.redis.}
   */
  public static Redis client(Vertx vertx, Map<String, String> keys) {
    return new ObservableRedis(bareClient(vertx, keys), RedisConfig.DEFAULT_CLIENT_NAME, null);
  }

  /** What is wrapped there. */
  public static Redis bareClient(Vertx vertx, Map<String, String> keys) {
    try {
      RedisConfig config =
          new SmallRyeConfigBuilder()
              .addDiscoveredConverters()
              .withMapping(RedisConfig.class)
              .withSources(
                  new PropertiesConfigSource(
                      QuarkusRedis.class.getResource("/application.properties"), 1),
                  new PropertiesConfigSource(prefixed(keys), "test", 2))
              .withMappingIgnore("**")
              .build()
              .getConfigMapping(RedisConfig.class);
      return VertxRedisClientFactory.create(
          RedisConfig.DEFAULT_CLIENT_NAME,
          vertx,
          config.clients().get(RedisConfig.DEFAULT_CLIENT_NAME),
          new NoTls(),
          proxy -> Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the answer. */
  public static Response ask(Redis redis, Command command, Object... args) {
    Request request = Request.cmd(command);
    for (Object arg : args) {
      if (arg instanceof byte[] bytes) {
        request.arg(bytes);
      } else {
        request.arg(arg.toString());
      }
    }
    return redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  private static Map<String, String> prefixed(Map<String, String> keys) {
    return keys.entrySet().stream()
        .collect(Collectors.toMap(key -> "quarkus.redis." + key.getKey(), Map.Entry::getValue));
  }

  private static final class NoTls implements TlsConfigurationRegistry {
    @Override
    public Optional<TlsConfiguration> get(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
      return Optional.empty();
    }

    @Override
    public void register(String name, TlsConfiguration configuration) {}
  }
}
