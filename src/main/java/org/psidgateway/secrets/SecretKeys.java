package org.psidgateway.secrets;

import com.google.crypto.tink.subtle.Hkdf;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes behind {@code gateway.secrets}, the present key first. Can be created from anything, so
 * that the start-up checks can report what is wrong with it. Immutable.
 */
@Singleton
public class SecretKeys {
  public static final String KEY = "gateway.secrets.key";
  public static final String OLD_KEYS = "gateway.secrets.old-keys";
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
   * @throws IllegalStateException if one is missing or malformed
   */
  public List<byte[]> bytes() {
    if (!faults.isEmpty()) {
      throw new IllegalStateException(String.join("; ", faults));
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException(KEY + " is required");
    }
    return keys;
  }

  /**
   * A key of 32 bytes from each of {@link #bytes}, in their order, for one purpose and one
   * deployment: by HKDF with SHA-256 (RFC 5869), without salt. None of them reveals anything about
   * another, or about the key it was derived from.
   */
  public List<byte[]> derived(String purpose, long deployment) {
    byte[] name = purpose.getBytes(StandardCharsets.US_ASCII);
    byte[] info =
        ByteBuffer.allocate(name.length + Long.BYTES).put(name).putLong(deployment).array();
    return bytes().stream().map(key -> derived(key, info)).toList();
  }

  private static byte[] derived(byte[] key, byte[] info) {
    try {
      return Hkdf.computeHkdf("HmacSha256", key, new byte[0], info, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC with SHA-256 is not available", e);
    }
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
