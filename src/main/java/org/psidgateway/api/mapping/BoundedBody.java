package org.psidgateway.api.mapping;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;

/**
 * The body of a resolve request, which ends at {@link #DROPPED} bytes at the latest. What exceeds
 * {@link #MAX} is read and dropped rather than left unread: the client is still writing, and could
 * not read the refusal otherwise.
 */
final class BoundedBody extends FilterInputStream {
  /** How long an acceptable body may be. */
  static final int MAX = 1 << 20;

  /** How much of a longer one is read before the connection is given up. */
  static final int DROPPED = 8 << 20;

  private int count;

  BoundedBody(InputStream in) {
    super(in);
  }

  /** The refusal of a longer body, or of a longer list. */
  static Problem problem(int maxIds) {
    return Problem.of(
            ProblemType.BATCH_TOO_LARGE, "Send lists of at most max_ids ids and max_bytes bytes.")
        .with("max_ids", maxIds)
        .with("max_bytes", MAX);
  }

  /** How many bytes there are, as far as is known without waiting. */
  int expected() throws IOException {
    return Math.min(MAX, in.available());
  }

  boolean tooLarge() {
    return count > MAX;
  }

  void drain() throws IOException {
    byte[] dropped = new byte[1024];
    while (read(dropped, 0, dropped.length) >= 0) {
      // nothing is kept
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int left = DROPPED - count;
    int read = left == 0 ? -1 : in.read(bytes, offset, Math.min(length, left));
    count += Math.max(0, read);
    return read;
  }

  @Override
  public void close() {
    // The stream belongs to the server.
  }
}
