package org.psidgateway.page;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Keys to encrypt with, as configuration brings them. */
record Secrets(Optional<String> key, Optional<List<String>> oldKeys) implements SecretsConfig {
  static final String A = base64(1);
  static final String B = base64(2);

  static Secrets of(String key, String... oldKeys) {
    return new Secrets(
        Optional.of(key), oldKeys.length == 0 ? Optional.empty() : Optional.of(List.of(oldKeys)));
  }

  private static String base64(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }
}
