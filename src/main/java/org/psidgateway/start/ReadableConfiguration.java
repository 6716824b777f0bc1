package org.psidgateway.start;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * How values are read: without what editors and {@code echo} leave behind them, and so that values
 * which can't be read are reported together with all other faults, by {@link UnreadableCheck},
 * instead of ending the start one by one.
 */
public final class ReadableConfiguration implements SmallRyeConfigBuilderCustomizer {

  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    UnreadableValues unreadable = new UnreadableValues();
    builder.withSources(unreadable);
    builder.withInterceptors(
        new TrailingBlanks(),
        new EmptyProperties(),
        new ReadableValues(
            // Asked for later: other customizers may still add mappings.
            () -> ValueTypes.of(builder.getMappingsBuilder().getMappings()), unreadable));
  }
}
