package org.psidgateway.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanContainer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Finds {@code gateway.*} keys and {@code GATEWAY_*} variables that nothing reads. The framework's
 * own check sees neither the environment nor a prefix without a mapping. What is known is taken
 * from the mappings themselves, so that a package that adds a key needs no change here.
 */
@Singleton
class KnownKeys {
  private final Supplier<KeyPatterns> patterns;
  private final Config config;

  @Inject
  KnownKeys(BeanContainer beans, Config config) {
    this(() -> ofMappings(beans), config);
  }

  KnownKeys(Supplier<KeyPatterns> patterns, Config config) {
    this.patterns = patterns;
    this.config = config;
  }

  /** Names only, never values; sorted. */
  Set<String> unknown() {
    return patterns().unknown(config.getPropertyNames());
  }

  /** What an unknown name was probably meant to be. */
  Optional<String> meant(String unknown) {
    return patterns().meant(unknown);
  }

  KeyPatterns patterns() {
    return patterns.get();
  }

  private static KeyPatterns ofMappings(BeanContainer beans) {
    return new KeyPatterns(
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .flatMap(bean -> bean.getTypes().stream())
            .flatMap(KnownKeys::mapping)
            .flatMap(mapping -> ConfigMappings.getProperties(mapping).keySet().stream())
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Stream<ConfigClass> mapping(Type type) {
    return type instanceof Class<?> mapping
            && mapping.isAnnotationPresent(ConfigMapping.class)
            && mapping.getPackageName().startsWith("org.psidgateway.")
        ? Stream.of(ConfigClass.configClass(mapping))
        : Stream.empty();
  }
}
