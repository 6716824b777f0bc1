package org.psidgateway.transfer.rows;

import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/** What stands in a wanted column, packed into one {@code long}: an id, or below 0 a flaw. */
final class Value {
  private static final Flaw[] FLAWS = Flaw.values();

  private Value() {}

  static long of(String text) {
    long id = Ids.parse(text);
    return id == Ids.MALFORMED ? of(Diagnosis.of(text)) : id;
  }

  static long of(char[] buffer, int offset, int length) {
    long id = Ids.parse(buffer, offset, length);
    return id == Ids.MALFORMED ? of(Diagnosis.of(new String(buffer, offset, length))) : id;
  }

  static long of(Flaw flaw) {
    return -1L - flaw.ordinal();
  }

  static long id(long value) {
    return value > 0 ? value : Ids.MALFORMED;
  }

  static @Nullable Flaw flaw(long value) {
    return value > 0 ? null : FLAWS[(int) (-1 - value)];
  }
}
