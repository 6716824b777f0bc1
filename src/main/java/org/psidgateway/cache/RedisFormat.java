package org.psidgateway.cache;

import java.nio.ByteBuffer;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.psidgateway.model.UpstreamKind;

/**
 * How an answer of one deployment lies in Redis: under version, deployment, page and asid (25
 * bytes), the verdict, the second it was checked at, the second it was written at, and a MAC over
 * all of it, the key included (24 bytes). Nobody without the deployment's secret can make a value
 * or move one to another key. Immutable.
 */
final class RedisFormat {
  /** Part of the key, so that versions can live side by side during an update. */
  static final byte VERSION = 2;

  private static final byte PREVIOUS_VERSION = 1;

  private final long deployment;
  private final UpstreamKind upstream;
  private final List<SecretKeySpec> keys;

  /**
   * @param keys the signing keys: the first one signs, any one verifies
   * @param upstream whose negatives are kept, and believed
   */
  RedisFormat(long deployment, List<byte[]> keys, UpstreamKind upstream) {
    this.deployment = deployment;
    this.upstream = upstream;
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

  /**
   * The key under which the previous version keeps it: deleted too, as long as its pods may run.
   */
  static byte[] previousKey(long page, long asid) {
    return ByteBuffer.allocate(17).put(PREVIOUS_VERSION).putLong(page).putLong(asid).array();
  }

  /** Signs and verifies the values of one list. */
  RedisMac mac() {
    return new RedisMac(deployment, keys, upstream);
  }
}
