package org.psidgateway.api.door;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Sha256;

/** Checks an {@code appsecret_proof}: whoever made it knows the secret of the app. Thread-safe. */
@Singleton
class AppProof {
  private static final String SECRET = "gateway.app.secret";
  private static final Duration VALID_FOR = Duration.ofMinutes(5);
  private static final int MOST_DIGITS = 12; // of seconds since 1970

  private final Optional<Sha256.Hmac> proofs;
  private final InstantSource clock;

  AppProof(Config config, InstantSource clock) {
    this.proofs =
        config
            .getOptionalValue(SECRET, String.class)
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> new Sha256.Hmac(text.getBytes(StandardCharsets.UTF_8)));
    this.clock = clock;
  }

  boolean canBeChecked() {
    return proofs.isPresent();
  }

  /**
   * Whether the proof is of this token. Takes the same time however much of it is right.
   *
   * @param time the {@code appsecret_time} that it was made with, in seconds; null for none
   */
  boolean holds(String token, String proof, @Nullable String time) {
    String proved = time == null ? token : token + "|" + time;
    byte[] expected =
        HexFormat.of()
            .formatHex(proofs.orElseThrow().of(proved))
            .getBytes(StandardCharsets.US_ASCII);
    boolean right = MessageDigest.isEqual(expected, proof.getBytes(StandardCharsets.UTF_8));
    return right && (time == null || isRecent(time));
  }

  private boolean isRecent(String time) {
    if (time.isEmpty()
        || time.length() > MOST_DIGITS
        || !time.chars().allMatch(AppProof::isDigit)) {
      return false;
    }
    Instant made = Instant.ofEpochSecond(Long.parseLong(time));
    return Duration.between(made, clock.instant()).abs().compareTo(VALID_FOR) <= 0;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
