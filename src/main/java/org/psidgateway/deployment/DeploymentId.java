package org.psidgateway.deployment;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Drawing, reading and writing of ids: 64 random bits, 16 hexadecimal digits. */
final class DeploymentId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private DeploymentId() {}

  /**
   * No byte is an opening brace: in a Redis Cluster the text between braces decides which node
   * holds a key, and all keys of a deployment begin with its id.
   */
  static long draw() {
    long id = RANDOM.nextLong();
    while (hasBrace(id)) {
      id = RANDOM.nextLong();
    }
    return id;
  }

  static boolean hasBrace(long id) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      if ((byte) (id >>> shift) == '{') {
        return true;
      }
    }
    return false;
  }

  static String format(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  static long parse(String id) {
    return HexFormat.fromHexDigitsToLong(id);
  }
}
