package org.psidgateway.cache;

import java.nio.ByteBuffer;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * How an answer of one deployment lies in Redis: under version, deployment, page and asid (25
 * bytes), the verdict, the second it was checked at, the second it was written at, and a MAC over
 * all of it, the key included (24 bytes). Whoever lacks the deployment's secret can neither make a
 * value nor move one to another key. Immutable.
 */
final class RedisFormat {
  /** Part of the key: versions live side by side during an update. */
  static final byte VERSION = 2;

  private static final byte PREVIOUS_VERSION = 1;

  private final long deployment;
  private final List<SecretKeySpec> keys;

  /**
   * @param keys what signs; the first for what is written, any for what is read
   */
  RedisFormat(long deployment, List<byte[]> keys) {
    this.deployment = deployment;
    this.keys = keys.stream().map(key -> new SecretKeySpec(key, RedisMac.ALGORITHM)).toList();
  }

  boolean isOf(long other) {
    return deployment == other;
  }

  byte[] key(long page, long asid) {
    return ByteBuffer.allocate(25)
        .put(VERSION)
        .putLong(deployment)
        .putLong(page)
        .putLong(asid)
        .array();
  }

  /** Where the version before has it: to be deleted there too, while pods of it may run. */
  static byte[] previousKey(long page, long asid) {
    return ByteBuffer.allocate(17).put(PREVIOUS_VERSION).putLong(page).putLong(asid).array();
  }

  /** For the values of one list. */
  RedisMac mac() {
    return new RedisMac(deployment, keys);
  }
}
