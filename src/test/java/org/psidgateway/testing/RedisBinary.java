package org.psidgateway.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import redis.embedded.core.ExecutableProvider;

/** The Redis that tests start, unpacked once per JVM, however many of them do. */
public final class RedisBinary {
  private static final File FILE = unpack();

  private RedisBinary() {}

  public static File file() {
    return FILE;
  }

  // A process that another thread starts while the file is written inherits its descriptor for a
  // moment; until it has let go of it, the file is busy and can't be executed.
  private static File unpack() {
    try {
      File file = ExecutableProvider.newJarResourceProvider().get();
      Awaitility.await()
          .pollInSameThread() // another one would wait for this class
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> new ProcessBuilder(file.getPath(), "--version").start().waitFor() == 0);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
