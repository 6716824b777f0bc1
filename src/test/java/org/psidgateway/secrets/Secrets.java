package org.psidgateway.secrets;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Keys as configuration brings them. */
public record Secrets(Optional<String> key, Optional<List<String>> oldKeys)
    implements SecretsConfig {
  public static final String A = base64(1);
  public static final String B = base64(2);

  public static SecretKeys of(String key, String... oldKeys) {
    return new SecretKeys(config(key, oldKeys));
  }

  static Secrets config(String key, String... oldKeys) {
    return new Secrets(
        Optional.of(key), oldKeys.length == 0 ? Optional.empty() : Optional.of(List.of(oldKeys)));
  }

  private static String base64(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }
}
