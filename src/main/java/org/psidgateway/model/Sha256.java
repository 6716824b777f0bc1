package org.psidgateway.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, with and without a key: every Java platform has both. */
public final class Sha256 {
  private static final String HMAC = "HmacSHA256";

  private Sha256() {}

  /** The digest of {@code text} in UTF-8, as lower-case hex. */
  public static String hex(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** For what comes piece by piece. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** HMAC-SHA256 of {@code text} in UTF-8. */
  public static byte[] hmac(byte[] key, String text) {
    return new Hmac(key).of(text);
  }

  /** HMAC-SHA256 under one key, which is prepared once. Thread-safe. */
  public static final class Hmac {
    private final Mac prepared;

    public Hmac(byte[] key) {
      try {
        prepared = Mac.getInstance(HMAC);
        prepared.init(new SecretKeySpec(key, HMAC));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has " + HMAC, e);
      }
    }

    /** That of {@code text} in UTF-8. */
    public byte[] of(String text) {
      try {
        return ((Mac) prepared.clone()).doFinal(text.getBytes(StandardCharsets.UTF_8));
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("that of the platform can be copied", e);
      }
    }
  }
}
