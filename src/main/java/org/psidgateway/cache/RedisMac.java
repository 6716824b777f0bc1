package org.psidgateway.cache;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;

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

  /** What each upstream may say but a PSID: unmapped, rejected. */
  private static final int KINDS = 2;

  private final List<SecretKeySpec> keys;
  private final @Nullable Mac[] macs;
  private final int shift;
  private final byte[] digest = new byte[32];
  private final ByteBuffer signed = ByteBuffer.allocate(42);

  RedisMac(long deployment, List<SecretKeySpec> keys, UpstreamKind upstream) {
    this.keys = keys;
    this.shift = KINDS * upstream.ordinal();
    this.macs = new Mac[keys.size()];
    signed.put(RedisFormat.VERSION).putLong(deployment).put(ANSWER).mark();
  }

  /** Times are in epoch seconds. */
  byte[] value(long page, long asid, long verdict, long checkedAt, long writtenAt) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .putLong(stored(verdict))
        .putInt((int) checkedAt)
        .putInt((int) writtenAt)
        .putLong(over(page, asid, stored(verdict), (int) checkedAt, (int) writtenAt, 0))
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
          over(page, asid, value.getLong(0), value.getInt(CHECKED_AT), value.getInt(WRITTEN_AT), i);
      if (found == due) {
        return true;
      }
    }
    return false;
  }

  /** {@link Verdict#UNKNOWN} for a negative of another upstream, and for what is no verdict. */
  long verdict(Buffer value) {
    long stored = value.getLong(0);
    long own = stored + shift;
    boolean negative = own == Verdict.UNMAPPED || own == Verdict.REJECTED;
    return Verdict.isPsid(stored) ? stored : negative ? own : Verdict.UNKNOWN;
  }

  /** A negative as this upstream's: what one of them left out does not bind another. */
  private long stored(long verdict) {
    return Verdict.isNegative(verdict) ? verdict - shift : verdict;
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
