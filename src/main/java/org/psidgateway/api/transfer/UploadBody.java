package org.psidgateway.api.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.psidgateway.time.Ticker;

/**
 * The body of a file on its way in, which has to keep coming: one that is slower than {@value
 * #LEAST} bytes a minute would hold a thread for as long as it likes.
 */
public final class UploadBody extends FilterInputStream {
  /** Bytes that have to come within a minute. */
  static final int LEAST = 1 << 20;

  /** How much of a refused body is read before the connection is given up. */
  static final int DROPPED = 8 << 20;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long DROPPING = TimeUnit.SECONDS.toNanos(10);

  private final Ticker ticker;
  private long begun;
  private long received;
  private boolean over;

  UploadBody(InputStream in, Ticker ticker) {
    super(in);
    this.ticker = ticker;
    this.begun = ticker.nanos();
  }

  /** Reads on, for a moment, and forgets what it reads. Never fails. */
  void drop() {
    byte[] dropped = new byte[8192];
    long end = ticker.nanos() + DROPPING;
    try {
      for (int left = DROPPED; left > 0 && !over && ticker.nanos() - end < 0; ) {
        left -= Math.max(1, read(dropped, 0, dropped.length));
      }
    } catch (IOException e) {
      // there is nobody left to read the refusal
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    long now = ticker.nanos();
    received += Math.max(0, read);
    over = over || read < 0;
    if (now - begun > MINUTE) {
      if (received < LEAST && !over) {
        throw new IOException("the body comes too slowly");
      }
      begun = now;
      received = 0;
    }
    return read;
  }

  @Override
  public void close() {
    // The stream belongs to the server.
  }
}
