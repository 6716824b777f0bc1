package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Lets so many bytes through and no more. */
final class BoundedLayer extends Layer {
  private final InputStream in;
  private final long most;
  private long count;

  BoundedLayer(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    count += Math.max(0, read);
    if (count > most) {
      throw new UnreadableFile(
          Kind.TOO_LARGE, 0, "the file has more than " + most + " bytes, unpacked");
    }
    return read;
  }
}
