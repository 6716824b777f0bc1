package org.psidgateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackageIT {
  private static final Path PACKAGE = Path.of("target", "quarkus-app");

  @Test
  void package_carriesOnlyTheDoorOfLocal() throws IOException {
    List<String> classes = new ArrayList<>();
    for (Path jar : jars("app")) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream().map(entry -> entry.getName()).forEach(classes::add);
      }
    }

    assertThat(classes)
        .filteredOn(name -> name.startsWith("org/psidgateway/local/") && name.endsWith(".class"))
        .containsExactlyInAnyOrder(
            "org/psidgateway/local/LocalConfigSourceFactory.class",
            "org/psidgateway/local/package-info.class");
  }

  @Test
  void package_carriesNoEmbeddedServer() throws IOException {
    assertThat(jars("lib/main"))
        .isNotEmpty()
        .noneMatch(
            jar -> jar.getFileName().toString().matches(".*(zonky|embedded|postgres-bin).*"));
  }

  private static List<Path> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(PACKAGE.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }
}
