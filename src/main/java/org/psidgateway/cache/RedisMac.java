package org.psidgateway.cache;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and verifies the values of one list. What is signed fits into one block of SHA-256. Used by
 * one thread: setting it up costs as much as two ids, sharing it would cost a lock.
 */
final class RedisMac {
  static final String ALGORITHM = "HmacSHA256";

  private static final int VALUE_BYTES = 24;
  private static final int CHECKED_AT = 8;
  private static final int WRITTEN_AT = 12;
  private static final int MAC = 16;

  /** The kind of entry: another kind has another number, and can never be taken for this one. */
  private static final byte ANSWER = 1;

  private final List<SecretKeySpec> keys;
  private final @Nullable Mac[] macs;
  private final byte[] digest = new byte[32];
  private final ByteBuffer signed = ByteBuffer.allocate(42);

  RedisMac(long deployment, List<SecretKeySpec> keys) {
    this.keys = keys;
    this.macs = new Mac[keys.size()];
    signed.put(RedisFormat.VERSION).putLong(deployment).put(ANSWER).mark();
  }

  /** Times are in epoch seconds. */
  byte[] value(long page, long asid, long verdict, long checkedAt, long writtenAt) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .putLong(verdict)
        .putInt((int) checkedAt)
        .putInt((int) writtenAt)
        .putLong(over(page, asid, verdict, (int) checkedAt, (int) writtenAt, 0))
        .array();
  }

  /** Whether one of the keys signed this value, for exactly this page and asid. */
  boolean isGenuine(Buffer value, long page, long asid) {
    if (value.length() != VALUE_BYTES) {
      return false;
    }
    long found = value.getLong(MAC);
    for (int i = 0; i < keys.size(); i++) {
      long due =
          over(page, asid, verdict(value), value.getInt(CHECKED_AT), value.getInt(WRITTEN_AT), i);
      if (found == due) {
        return true;
      }
    }
    return false;
  }

  static long verdict(Buffer value) {
    return value.getLong(0);
  }

  /** In epoch seconds. */
  static long checkedAt(Buffer value) {
    return value.getUnsignedInt(CHECKED_AT);
  }

  /** In epoch seconds. */
  static long writtenAt(Buffer value) {
    return value.getUnsignedInt(WRITTEN_AT);
  }

  private long over(long page, long asid, long verdict, int checkedAt, int writtenAt, int key) {
    signed.reset().putLong(page).putLong(asid).putLong(verdict).putInt(checkedAt).putInt(writtenAt);
    try {
      Mac mac = mac(key);
      mac.update(signed.array());
      mac.doFinal(digest, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is not available", e);
    }
    return ByteBuffer.wrap(digest).getLong();
  }

  /** Former keys are rarely needed. */
  private Mac mac(int key) throws GeneralSecurityException {
    Mac mac = macs[key];
    if (mac == null) {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(keys.get(key));
      macs[key] = mac;
    }
    return mac;
  }
}
