package org.psidgateway.migration;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Names a migration: a ULID (github.com/ulid/spec), which sorts by the time of its creation, as
 * text and as a {@link UUID} of the same 128 bits alike.
 */
public record MigrationId(UUID value) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 26;
  private static final int RANDOM_BITS_ABOVE = 16;
  private static final RandomGenerator RANDOM = new SecureRandom();

  /** A new one, of that moment. */
  public static MigrationId create(Instant now) {
    long high = now.toEpochMilli() << RANDOM_BITS_ABOVE | RANDOM.nextInt(1 << RANDOM_BITS_ABOVE);
    return new MigrationId(new UUID(high, RANDOM.nextLong()));
  }

  /** Empty for anything that is none; small letters are as good as capital ones. */
  public static Optional<MigrationId> parse(String text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = DIGITS.indexOf(Character.toUpperCase(text.charAt(i)));
      if (digit < 0) {
        return Optional.empty();
      }
      high = high << 5 | low >>> 59;
      low = low << 5 | digit;
    }
    return Optional.of(new MigrationId(new UUID(high, low)));
  }

  /** 26 digits of Crockford's base 32. */
  @Override
  public String toString() {
    char[] digits = new char[LENGTH];
    long high = value.getMostSignificantBits();
    long low = value.getLeastSignificantBits();
    for (int i = LENGTH - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (low & 31));
      low = low >>> 5 | high << 59;
      high >>>= 5;
    }
    return new String(digits);
  }
}
