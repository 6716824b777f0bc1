package org.psidgateway.local;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives quarkus:dev and tests a PostgreSQL and a Redis unless the developer has configured a
 * database. In any other profile it gives nothing and loads nothing else of this package.
 */
public final class LocalConfigSourceFactory implements ConfigSourceFactory {

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    List<String> profiles = context.getProfiles();
    boolean dev = profiles.contains("dev");
    if (!dev && !profiles.contains("test")) {
      return List.of();
    }
    String url = context.getValue("quarkus.datasource.jdbc.url").getValue();
    if (url != null && !url.isBlank()) {
      return List.of();
    }
    return List.of(dev ? LocalConfigSource.dev() : LocalConfigSource.test());
  }
}
