package org.psidgateway.upstream;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.psidgateway.model.Sha256;

/** The {@code appsecret_proof}: shows that the caller of a token knows its app's secret. */
final class AppSecretProof {
  private final Optional<String> secret;
  private final ProofForm form;
  private final InstantSource clock;

  /**
   * @param secret without one, calls carry no proof
   */
  AppSecretProof(Optional<String> secret, ProofForm form, InstantSource clock) {
    this.secret = secret;
    this.form = form;
    this.clock = clock;
  }

  /** Adds what proves {@code token}, as of now. */
  void addTo(Map<String, String> fields, String token) {
    if (secret.isEmpty()) {
      return;
    }
    String proved = token;
    if (form == ProofForm.TIMED) {
      String seconds = Long.toString(clock.instant().getEpochSecond());
      proved += "|" + seconds;
      fields.put("appsecret_time", seconds);
    }
    // HMAC-SHA256 under the secret, as lower-case hex.
    byte[] key = secret.get().getBytes(StandardCharsets.UTF_8);
    fields.put("appsecret_proof", HexFormat.of().formatHex(Sha256.hmac(key, proved)));
  }
}
