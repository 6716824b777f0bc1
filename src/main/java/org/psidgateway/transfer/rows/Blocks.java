package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bottom layer: whatever pieces a network delivers, those above see full blocks. So rows and
 * failures depend on the bytes alone, and a failure of the network comes after all bytes before it.
 */
final class Blocks extends Layer {
  private static final int SIZE = 16 * 1024;

  private final InputStream in;
  private final byte[] block = new byte[SIZE];
  private int next;
  private int end;
  private boolean ended;
  private @Nullable IOException failure;

  Blocks(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (next == end && !fill()) {
      return -1;
    }
    int read = Math.min(length, end - next);
    System.arraycopy(block, next, bytes, offset, read);
    next += read;
    return read;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = 0;
    try {
      while (!ended && failure == null && end < SIZE) {
        int read = in.read(block, end, SIZE - end);
        ended = read < 0;
        end += Math.max(0, read);
      }
    } catch (IOException e) {
      failure = e;
    }
    if (end == 0 && failure != null) {
      throw failure;
    }
    return end > 0;
  }
}
