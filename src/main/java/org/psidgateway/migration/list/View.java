package org.psidgateway.migration.list;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which rows of a list are wanted. All but the first show every id once. */
public enum View {
  /** All rows as they came, with what became of each. */
  ORIGINAL,
  /** What was known already, too. */
  MAPPED,
  UNMAPPED,
  /** Refused by the upstream, and malformed rows. */
  INVALID,
  FAILED,
  NOT_ATTEMPTED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  public static Optional<View> of(String wireName) {
    return Arrays.stream(values()).filter(view -> view.wireName.equals(wireName)).findFirst();
  }
}
