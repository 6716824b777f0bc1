package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Sha256;

/**
 * Computes the SHA-256 of what passes, and remembers it as of the last line that begins like a
 * closing row. Whether that line is one, and the last one, is for those above to say: they see what
 * is quoted.
 */
final class ClosingDigest extends Layer {
  private final InputStream in;
  private final byte[] start;
  private final MessageDigest digest = Sha256.digest();
  private byte @Nullable [] beforeLast;

  /** How much of {@link #start} this line has matched so far; -1 if it has not. */
  private int matched;

  /** How much of that is in earlier pieces, and not yet in the digest. */
  private int owed;

  ClosingDigest(InputStream in, byte[] start) {
    this.in = in;
    this.start = start;
  }

  /** The digest of all bytes before the last line that begins like a closing row. */
  byte @Nullable [] beforeLast() {
    return beforeLast;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      digest(bytes, offset, offset + read);
    }
    return read;
  }

  private void digest(byte[] bytes, int from, int to) {
    int begin = from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (matched >= 0 && b == start[matched]) {
        matched++;
        if (matched == start.length) {
          int lineStart = Math.max(from, i + 1 - matched);
          digest.update(bytes, begin, lineStart - begin);
          begin = lineStart;
          beforeLast = copy(digest).digest();
          settle();
          matched = -1;
        }
      } else {
        settle();
        matched = b == '\n' || b == '\r' ? 0 : -1;
      }
    }
    int undecided = Math.max(0, matched) - owed;
    digest.update(bytes, begin, to - undecided - begin);
    owed += undecided;
  }

  private void settle() {
    digest.update(start, 0, owed);
    owed = 0;
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }
}
