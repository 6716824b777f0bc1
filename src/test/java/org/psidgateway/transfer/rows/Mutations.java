package org.psidgateway.transfer.rows;

import java.util.Arrays;
import java.util.Random;

/** Files as they arrive after an accident, or from somebody who tries. */
final class Mutations {
  private static final String[] INSERTED = {
    "\"", "\"\"", "\r", "\n", ",", "[", "]", "{", "}", ":", "\\", "\u0000", "\ufeff", "#end,1,",
    "é", "null"
  };

  private Mutations() {}

  static byte[] of(byte[] file, Random random) {
    byte[] changed = file.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed = once(changed, random);
    }
    return changed;
  }

  private static byte[] once(byte[] file, Random random) {
    int at = random.nextInt(file.length + 1);
    byte[] before = Arrays.copyOf(file, at);
    byte[] after = Arrays.copyOfRange(file, at, file.length);
    byte[] noise = new byte[random.nextInt(8)];
    random.nextBytes(noise);
    switch (random.nextInt(6)) {
      case 0:
        return before;
      case 1:
        return Reading.concat(before, noise, after);
      case 2:
        return Reading.concat(
            before, Reading.bytes(INSERTED[random.nextInt(INSERTED.length)]), after);
      case 3:
        return Reading.concat(before, Arrays.copyOf(after, after.length / 2));
      case 4:
        return Reading.concat(file, after);
      default:
        byte[] flipped = file.clone();
        if (at < file.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
  }
}
