package org.psidgateway.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A copy of the package whose clock is wrong: the one class that reads the system clock is
 * replaced. The clocks of libraries and of the log stay right.
 */
final class SkewedPackage {
  private static final Path BUILT = Path.of("target/quarkus-app");
  private static final String CLASS = "org/psidgateway/time/Time.class";
  private static final String SOURCE =
      """
      package org.psidgateway.time;
      import java.time.Duration;
      import java.time.InstantSource;
      final class Time {
        static InstantSource clock() {
          return InstantSource.offset(InstantSource.system(), Duration.ofSeconds(%d));
        }
        static Ticker ticker() {
          return Ticker.system();
        }
      }
      """;

  private SkewedPackage() {}

  /** The jar to start it with. */
  static Path by(Duration offset) {
    Path home = Path.of("target/chaos/skewed" + offset.toSeconds());
    try {
      copy(home);
      replace(home, compile(home, offset));
      return home.resolve("quarkus-run.jar");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(BUILT)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path copy = home.resolve(BUILT.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Path compile(Path home, Duration offset) throws IOException {
    Path source = Files.createDirectories(home.resolve("source")).resolve("Time.java");
    Files.writeString(source, SOURCE.formatted(offset.toSeconds()));
    List<String> options =
        List.of(
            "--release",
            "17",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            home.resolve("source").toString());
    String[] args =
        Stream.concat(options.stream(), Stream.of(source.toString())).toArray(String[]::new);
    if (ToolProvider.getSystemJavaCompiler().run(null, null, null, args) != 0) {
      throw new IllegalStateException("the skewed clock does not compile");
    }
    return home.resolve("source").resolve(CLASS);
  }

  private static void replace(Path home, Path compiled) throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("app"))) {
      Path jar = jars.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
      URI uri = URI.create("jar:" + jar.toUri());
      try (FileSystem inside = FileSystems.newFileSystem(uri, Map.of())) {
        Path there = inside.getPath(CLASS);
        if (!Files.exists(there)) {
          throw new IllegalStateException("the clock is no longer in " + CLASS);
        }
        Files.copy(compiled, there, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
