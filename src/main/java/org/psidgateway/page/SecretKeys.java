package org.psidgateway.page;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes behind {@link SecretsConfig}, the present key first, and what is wrong with them. */
final class SecretKeys {
  static final String KEY = "gateway.secrets.key";
  static final String OLD_KEYS = "gateway.secrets.old-keys";
  private static final int BYTES = 32;

  private final List<byte[]> keys = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  SecretKeys(SecretsConfig config) {
    config.key().ifPresent(key -> add(KEY, key));
    config.oldKeys().orElse(List.of()).forEach(key -> add(OLD_KEYS, key));
  }

  /** Each names the property and never quotes its value. */
  List<String> faults() {
    return faults;
  }

  /**
   * One or more keys of 32 bytes; the first encrypts.
   *
   * @throws IllegalStateException where there is none, or there are {@link #faults}
   */
  List<byte[]> bytes() {
    if (!faults.isEmpty()) {
      throw new IllegalStateException(String.join("; ", faults));
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException(KEY + " is required");
    }
    return keys;
  }

  private void add(String property, String base64) {
    byte[] key = decoded(base64.strip());
    if (key == null || key.length != BYTES) {
      faults.add(property + " must be the base64 of " + BYTES + " bytes");
    } else {
      keys.add(key);
    }
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
