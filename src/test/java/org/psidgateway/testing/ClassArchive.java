package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the first pod's JVM made of the package's classes, kept for the pods that come later: they
 * start in three quarters of the time. Where it can't be had, they start as ever.
 */
final class ClassArchive {
  private static final Path FILE = Path.of("target/pods/classes.jsa").toAbsolutePath();
  private static final AtomicBoolean TRIED = new AtomicBoolean();

  private ClassArchive() {}

  /** A JVM that finds the archive to be of another JVM passes it over. */
  static List<String> flags(Path jar) {
    return isOf(jar)
        ? List.of("-XX:SharedArchiveFile=" + FILE, "-Xlog:disable") // a pod's log is JSON alone
        : List.of("-XX:+RecordDynamicDumpInfo", "-Xlog:disable");
  }

  private static boolean isOf(Path jar) {
    return lastModified(FILE) > lastModified(jar);
  }

  private static long lastModified(Path path) {
    return path.toFile().lastModified(); // 0 where there is none
  }

  /** Keeps what this pod has loaded by now, if it is the first one. */
  static void record(Path jar, long pid) {
    if (isOf(jar) || !TRIED.compareAndSet(false, true)) {
      return;
    }
    try {
      Path unfinished = FILE.resolveSibling("unfinished.jsa");
      new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
              Long.toString(pid),
              "VM.cds",
              "dynamic_dump",
              unfinished.toString())
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor();
      if (Files.exists(unfinished)) {
        Files.move(unfinished, FILE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
