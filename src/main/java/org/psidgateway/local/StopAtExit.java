package org.psidgateway.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Stops the services of a directory when the JVM ends, and holds its lock until then. Whatever it
 * calls is loaded when it is made: at the end, its class loader may be closed.
 */
final class StopAtExit extends Thread {
  private final Path home;
  private final FileChannel lock;
  private final boolean keep;

  StopAtExit(Path home, FileChannel lock, boolean keep) {
    super("local services");
    this.home = home;
    this.lock = lock;
    this.keep = keep;
  }

  @Override
  public void run() {
    try {
      // Both libraries stop their service in a hook of their own; only where that fails is there
      // something left to do, and a second signal would make them log an error.
      ServiceProcess.postgres(home).await();
      ServiceProcess.redis(home).await();
      ServiceProcess.postgres(home).stop();
      ServiceProcess.redis(home).stop();
      if (!keep) {
        LocalHome.delete(home);
      }
      lock.close();
    } catch (IOException e) {
      // Nobody is left to report to; the next start finds what remains, and removes it.
    }
  }
}
