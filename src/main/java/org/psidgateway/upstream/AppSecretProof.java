package org.psidgateway.upstream;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.psidgateway.model.Sha256;

/** The {@code appsecret_proof}: shows that the caller of a token knows its app's secret. */
final class AppSecretProof {
  private AppSecretProof() {}

  /** HMAC-SHA256 of the token under the secret, as lower-case hex. */
  static String of(String secret, String token) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.hmac(key, token));
  }
}
