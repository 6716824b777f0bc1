package org.psidgateway.cache;

import io.vertx.mutiny.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * How an answer looks in Redis: 17 bytes of key (a version, the Page, the ASID) and 12 of value
 * (the verdict, and when it was given in epoch seconds). Anything else is not ours and counts as a
 * miss.
 */
final class Entry {
  private static final byte VERSION = 1;
  private static final int VALUE_BYTES = 12;

  private Entry() {}

  static Buffer key(long page, long asid) {
    return Buffer.buffer(17).appendByte(VERSION).appendLong(page).appendLong(asid);
  }

  static Buffer value(long verdict, long checkedAt) {
    return Buffer.buffer(VALUE_BYTES).appendLong(verdict).appendUnsignedInt(checkedAt);
  }

  static boolean isValue(byte[] bytes) {
    return bytes.length == VALUE_BYTES && verdict(bytes) >= -2 && verdict(bytes) != 0;
  }

  static long verdict(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }

  static long checkedAt(byte[] bytes) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(8));
  }
}
