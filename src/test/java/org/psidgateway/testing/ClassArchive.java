package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The package's classes as the JVM has them in memory once it has read and verified them, recorded
 * once per package: reading and verifying is more than half of the work of a start, and tests start
 * dozens of pods.
 */
final class ClassArchive {
  private static final Path FILE =
      Path.of("target/pods/classes-" + Runtime.version() + ".jsa").toAbsolutePath();

  private ClassArchive() {}

  /** The JVM's flag that starts {@code jar} by the archive, which is recorded if need be. */
  static synchronized String flag(Path jar) {
    try {
      if (!Files.exists(FILE)
          || Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        record();
      }
      return "-XX:SharedArchiveFile=" + FILE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A start, a request, and an end, at which the JVM writes its archive. */
  private static void record() throws IOException {
    Files.deleteIfExists(FILE);
    String nobody = "http://localhost:" + Pod.freePort();
    Pod.Settings settings = new Pod.Settings(Backing.freshDatabase(), nobody);
    try (Pod pod = settings.start("-XX:ArchiveClassesAtExit=" + FILE)) {
      new Gateway(pod).resolve(100, 0, 1);
    }
    if (!Files.exists(FILE)) {
      throw new IllegalStateException("the JVM recorded no " + FILE);
    }
  }
}
