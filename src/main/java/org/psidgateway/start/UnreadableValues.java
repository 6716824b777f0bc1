package org.psidgateway.start;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The values of one configuration that can't be read, by key. Has no values itself: as a source it
 * travels with its configuration. Thread-safe.
 */
final class UnreadableValues implements ConfigSource {
  private final Map<String, String> faults = new ConcurrentSkipListMap<>();

  void add(String key, String fault) {
    faults.put(key, fault);
  }

  /** Key to fault, sorted. */
  Map<String, String> faults() {
    return Collections.unmodifiableMap(faults);
  }

  @Override
  public String getName() {
    return "values that can't be read";
  }

  @Override
  public Set<String> getPropertyNames() {
    return Set.of();
  }

  @Override
  public @Nullable String getValue(String name) {
    return null;
  }
}
