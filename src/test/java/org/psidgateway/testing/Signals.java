package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that a test started; one that has ended by then is passed over. */
public final class Signals {
  private Signals() {}

  public static void send(String signal, long pid) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
