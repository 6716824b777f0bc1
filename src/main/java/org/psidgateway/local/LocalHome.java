package org.psidgateway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to one JVM at a time, with all that its services keep there. The lock is
 * the operating system's, so that it outlives no process; what a killed JVM left running is stopped
 * by the next one that claims the directory.
 */
final class LocalHome {
  private static final String LOCK = "in-use";
  static final String TEST_PREFIX = "test-";

  private LocalHome() {}

  /**
   * Takes the directory for the rest of this JVM's life.
   *
   * @param keep whether the data stays when the JVM ends
   * @throws IllegalStateException if another process holds it
   */
  static Path claim(Path home, boolean keep) {
    try {
      Files.createDirectories(home);
      keepPrivate(keep ? home : Objects.requireNonNull(home.getParent()));
      FileChannel lock = lock(home);
      if (lock == null) {
        throw new IllegalStateException(
            "another quarkus:dev runs in this directory and holds its data ("
                + home
                + "): stop that one first, or set quarkus.datasource.jdbc.url");
      }
      ServiceProcess.postgres(home).stop();
      ServiceProcess.redis(home).stop();
      if (!keep) {
        sweep(home);
      }
      Runtime.getRuntime().addShutdownHook(new StopAtExit(home, lock, keep));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("can't use " + home, e);
    }
  }

  /** The servers trust every connection, and their programs are here too. */
  private static void keepPrivate(Path directory) throws IOException {
    PosixFileAttributeView permissions =
        Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    if (permissions != null) {
      permissions.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Removes what killed test runs have left behind. */
  private static void sweep(Path mine) throws IOException {
    List<Path> others;
    try (Stream<Path> siblings = Files.list(Objects.requireNonNull(mine.getParent()))) {
      others =
          siblings
              .filter(path -> path.getFileName().toString().startsWith(TEST_PREFIX))
              .filter(path -> !path.equals(mine))
              .toList();
    }
    for (Path other : others) {
      try (FileChannel lock = lock(other)) {
        if (lock != null) {
          ServiceProcess.postgres(other).stop();
          ServiceProcess.redis(other).stop();
          delete(other);
        }
      }
    }
  }

  private static @Nullable FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() != null) {
      return channel;
    }
    channel.close();
    return null;
  }

  static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
