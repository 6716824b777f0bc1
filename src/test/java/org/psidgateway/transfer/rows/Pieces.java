package org.psidgateway.transfer.rows;

import java.io.ByteArrayInputStream;
import java.util.Random;

/** Bytes as a network gives them: in pieces of any size, and with no idea how many are there. */
final class Pieces extends ByteArrayInputStream {
  private final Random random;
  private final int longest;

  Pieces(byte[] bytes, long seed) {
    super(bytes);
    this.random = new Random(seed);
    this.longest = 1 << random.nextInt(16);
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) {
    return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(longest)));
  }

  @Override
  public synchronized int available() {
    return random.nextInt(3) == 0 ? super.available() : 0;
  }
}
