package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream on top of another one, which it never closes. {@link #available} is 0: whoever asked
 * would do things that depend on how fast bytes arrive.
 */
abstract class Layer extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
