package org.psidgateway.upstream;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@code appsecret_proof}: shows that the caller of a token knows its app's secret. */
final class AppSecretProof {
  private static final String ALGORITHM = "HmacSHA256";

  private AppSecretProof() {}

  /** HMAC-SHA256 of the token under the secret, as lower-case hex. */
  static String of(String secret, String token) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
