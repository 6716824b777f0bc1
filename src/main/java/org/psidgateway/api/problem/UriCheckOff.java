package org.psidgateway.api.problem;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * Switches off the framework's check of request targets, which answers 400 with nothing before any
 * filter is asked; {@link RequestLine} checks instead. The switch is a system property that is read
 * once, early: reading the configuration comes before.
 */
public final class UriCheckOff implements SmallRyeConfigBuilderCustomizer {
  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    System.setProperty("vertx.disableURIValidation", "true");
  }
}
