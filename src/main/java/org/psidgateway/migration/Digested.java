package org.psidgateway.migration;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Sha256;

/** The bytes of a body as they were sent, with their SHA-256. Belongs to one thread. */
final class Digested extends FilterInputStream {
  private final MessageDigest digest = Sha256.digest();
  private long length;

  Digested(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int wanted) throws IOException {
    int read = in.read(bytes, offset, wanted);
    if (read > 0) {
      digest.update(bytes, offset, read);
      length += read;
    }
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what is left; null if all of it is longer than {@code most}. */
  byte @Nullable [] end(long most) throws IOException {
    byte[] dropped = new byte[8192];
    int read = 0;
    while (read >= 0 && length <= most) {
      read = read(dropped, 0, dropped.length);
    }
    return read < 0 ? digest.digest() : null;
  }
}
