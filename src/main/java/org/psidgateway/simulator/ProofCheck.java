package org.psidgateway.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The app's proof: an HMAC of the token, or of the token and a time not older than 5 minutes. */
final class ProofCheck {
  static final String MISSING = "API calls from the server require an appsecret_proof argument";
  static final String WRONG = "Invalid appsecret_proof provided in the API argument";
  private static final long LIFETIME_SECONDS = 300;

  private ProofCheck() {}

  /** What is wrong with the proof; empty if it is right, or not required. */
  static Optional<String> complaint(
      SimulatorScript.Settings settings, GraphRequest request, String token, Instant now) {
    String secret = settings.appSecret;
    if (secret == null || secret.isEmpty()) {
      return Optional.empty();
    }
    String proof = request.get("appsecret_proof");
    if (proof == null) {
      return settings.proofRequired ? Optional.of(MISSING) : Optional.empty();
    }
    String time = request.get("appsecret_time");
    boolean right =
        isFresh(time, now)
            && matches(proof, hmac(secret, time == null ? token : token + "|" + time));
    return right ? Optional.empty() : Optional.of(WRONG);
  }

  private static boolean isFresh(@Nullable String time, Instant now) {
    if (time == null) {
      return true;
    }
    try {
      return Math.abs(now.getEpochSecond() - Long.parseLong(time)) <= LIFETIME_SECONDS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean matches(String proof, String expected) {
    return MessageDigest.isEqual(
        proof.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  static String hmac(String secret, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
