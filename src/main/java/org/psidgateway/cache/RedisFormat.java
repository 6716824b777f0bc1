package org.psidgateway.cache;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * How an answer lies in Redis: under version, page and asid (17 bytes), the verdict, the second it
 * was checked at, and a checksum over all of it (16 bytes). The checksum holds the key as well, so
 * that a value that strayed from another key, or that nobody of ours wrote, is never shown.
 */
final class RedisFormat {
  /** Part of the key: versions live side by side during an update. */
  private static final byte VERSION = 1;

  private static final int VALUE_BYTES = 16;
  private static final int CHECKED_AT = 8;
  private static final int CHECKSUM = 12;

  private RedisFormat() {}

  static byte[] key(long page, long asid) {
    return ByteBuffer.allocate(17).put(VERSION).putLong(page).putLong(asid).array();
  }

  static byte[] value(long page, long asid, long verdict, long checkedAt) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .putLong(verdict)
        .putInt((int) checkedAt)
        .putInt(checksum(page, asid, verdict, (int) checkedAt))
        .array();
  }

  static boolean isSound(Buffer value, long page, long asid) {
    return value.length() == VALUE_BYTES
        && value.getInt(CHECKSUM) == checksum(page, asid, verdict(value), value.getInt(CHECKED_AT));
  }

  static long verdict(Buffer value) {
    return value.getLong(0);
  }

  /** In epoch seconds. */
  static long checkedAt(Buffer value) {
    return value.getUnsignedInt(CHECKED_AT);
  }

  private static int checksum(long page, long asid, long verdict, int checkedAt) {
    long sum = mix(mix(mix(mix(VERSION) ^ page) ^ asid) ^ verdict) ^ checkedAt;
    return (int) (mix(sum) >>> 32);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 32)) * 0x9E3779B97F4A7C15L;
    return (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
  }
}
