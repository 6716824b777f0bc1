package org.psidgateway.start;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertyName;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the keys of all mappings are for. */
final class ValueTypes {
  private final Map<PropertyName, ValueType> types = new HashMap<>();

  private ValueTypes() {}

  static ValueTypes of(Set<ConfigClass> mappings) {
    SmallRyeConfig converters = new SmallRyeConfigBuilder().addDiscoveredConverters().build();
    ValueTypes all = new ValueTypes();
    for (ConfigClass mapping : mappings) {
      ConfigMappings.getProperties(mapping)
          .forEach(
              (name, property) ->
                  ValueType.of(name, property, converters)
                      .ifPresent(type -> all.types.put(PropertyName.name(name), type)));
    }
    return all;
  }

  /** Null if any text will do. */
  @Nullable ValueType of(String name) {
    return types.get(PropertyName.name(name));
  }
}
