package org.psidgateway.security;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnusedRolesTest {

  @Test
  void roles_areNamedWithTheirCallers_ifNoCallRequiresThem() {
    CallersConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(CallersConfig.class)
            .withSources(
                new PropertiesConfigSource(
                    Map.of(
                        "gateway.callers.crm.roles", "read,convert",
                        "gateway.callers.etl.roles", "migrate,privacy",
                        "gateway.callers.ops.roles", "admin,migrate,privacy"),
                    "test",
                    100))
            .build()
            .getConfigMapping(CallersConfig.class);

    assertThat(new UnusedRoles(config).granted())
        .isEqualTo(Map.of("privacy", Set.of("etl", "ops")));
  }

  /** Whoever adds the first call for a role takes it off the list. */
  @Test
  void unusedRoles_areThoseThatNoCallRequires() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/psidgateway/api"))) {
      String api =
          files.filter(Files::isRegularFile).map(UnusedRolesTest::read).toList().toString();
      assertThat(
              Stream.of(Role.values())
                  .filter(role -> !api.contains("Role." + role.name()))
                  .collect(toSet()))
          .isEqualTo(UnusedRoles.UNUSED);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
