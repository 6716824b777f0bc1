package org.psidgateway.local;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Knows the addresses of the local services, and starts each service when its address is first
 * read: a Maven goal that only reads the configuration starts nothing.
 */
final class LocalConfigSource implements ConfigSource {
  private final Map<String, Supplier<String>> values;

  private LocalConfigSource(Map<String, Supplier<String>> values) {
    this.values = values;
  }

  static LocalConfigSource dev() {
    LocalServices services = LocalServices.DEV;
    return new LocalConfigSource(
        Map.of(
            "quarkus.datasource.jdbc.url", services::jdbcUrl,
            "quarkus.datasource.username", services::user,
            "quarkus.datasource.password", services::password,
            "quarkus.redis.hosts", services::redisUrl,
            "gateway.cache.redis.enabled", () -> "true"));
  }

  static LocalConfigSource test() {
    LocalServices services = LocalServices.TEST;
    return new LocalConfigSource(
        Map.of(
            "quarkus.datasource.jdbc.url", services::jdbcUrl,
            "quarkus.datasource.username", services::user,
            "quarkus.datasource.password", services::password,
            "quarkus.redis.hosts", services::redisUrl));
  }

  @Override
  public @Nullable String getValue(String name) {
    Supplier<String> value = values.get(name);
    return value == null ? null : value.get();
  }

  @Override
  public Set<String> getPropertyNames() {
    return values.keySet();
  }

  @Override
  public String getName() {
    return "local PostgreSQL and Redis";
  }

  /** Below everything a developer can set, application.properties included. */
  @Override
  public int getOrdinal() {
    return 50;
  }
}
