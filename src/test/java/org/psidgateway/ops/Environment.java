package org.psidgateway.ops;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the gateway would say to an environment, without starting it. */
public final class Environment {
  private static final List<ConfigClass> MAPPINGS =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("org.psidgateway")
              .stream()
              .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
              .map(JavaClass::reflect)
              .map(ConfigClass::configClass)
              .toList();

  private Environment() {}

  /**
   * The {@code GATEWAY_*} variables that nothing reads.
   *
   * @throws RuntimeException if a value does not have the form that its key asks for
   */
  public static Set<String> unknown(Map<String, String> variables) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().withSources(new EnvConfigSource(variables, 300));
    MAPPINGS.forEach(builder::withMapping);
    Set<String> keys =
        MAPPINGS.stream()
            .flatMap(mapping -> ConfigMappings.getProperties(mapping).keySet().stream())
            .collect(Collectors.toSet());
    return new KnownKeys(() -> new KeyPatterns(keys), builder.build()).unknown();
  }

  /** The value of a key that nobody sets. */
  public static String byDefault(String key) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
    MAPPINGS.forEach(builder::withMapping);
    return builder.build().getRawValue(key);
  }
}
