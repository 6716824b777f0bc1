package org.psidgateway.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that a distribution brings, and no dependency of ours. */
public enum Program {
  POSTGRES("postgres", "postgresql"),
  PSQL("psql", "postgresql-client"),
  PROMTOOL("promtool", "prometheus"),
  PGBOUNCER("pgbouncer", "pgbouncer"),
  NODE("node", "nodejs"),
  NPM("npm", "npm"),
  KUBECTL("kubectl", "kubernetes-client");

  /** Debian keeps servers off the path of ordinary users, and PostgreSQL off everybody's. */
  private static final List<Path> BESIDE_THE_PATH = List.of(Path.of("/usr/sbin"));

  private static final Path POSTGRES_VERSIONS = Path.of("/usr/lib/postgresql");

  private final String file;
  private final String debianPackage;

  Program(String file, String debianPackage) {
    this.file = file;
    this.debianPackage = debianPackage;
  }

  /** Where it is; the newest one if there are several. */
  public Optional<Path> find() {
    Stream<Path> onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    return Stream.of(versions(), onPath, BESIDE_THE_PATH.stream())
        .flatMap(folders -> folders)
        .map(folder -> folder.resolve(file))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** As {@link #find()}, for a test that runs only if it is installed. */
  public Path path() {
    return find().orElseThrow(() -> new IllegalStateException(missing()));
  }

  String missing() {
    return file + " is not installed (Debian package: " + debianPackage + ")";
  }

  private Stream<Path> versions() {
    if (this != POSTGRES || !Files.isDirectory(POSTGRES_VERSIONS)) {
      return Stream.empty();
    }
    try (Stream<Path> versions = Files.list(POSTGRES_VERSIONS)) {
      return versions
          .sorted(Comparator.comparing(Program::number).reversed())
          .map(version -> version.resolve("bin"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(Path version) {
    String name = version.getFileName().toString();
    return name.matches("\\d{1,4}") ? Integer.parseInt(name) : 0;
  }
}
