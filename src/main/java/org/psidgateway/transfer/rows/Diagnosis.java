package org.psidgateway.transfer.rows;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/** Tells why a text is not an id: mostly, what a spreadsheet has done to it. */
final class Diagnosis {
  /** Longer ones are not looked at closely, so that no pattern runs for long. */
  private static final int LONGEST = 64;

  private static final String APOSTROPHES = "'\u2018\u2019";
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern PADDED = Pattern.compile("0\\d+");
  private static final Pattern SIGNED = Pattern.compile("[-+\u2212]\\d+");
  private static final Pattern FORMULA = Pattern.compile("=\"?\\d+\"?");
  private static final Pattern SCIENTIFIC =
      Pattern.compile("[-+\u2212]?\\d+(?:[.,]\\d*)?[eE][-+\u2212]?\\d+");

  /** The last group has three digits, the others two in India; decimals may follow. */
  private static final Pattern GROUPED =
      Pattern.compile(
          "[-+\u2212]?\\d{1,3}(?:[.,'\u2019]\\d{2,3})*[.,'\u2019]\\d{3}(?:[.,]\\d{1,2})?");

  private static final Pattern DECIMALS = Pattern.compile("[-+\u2212]?\\d+[.,]\\d*");

  private Diagnosis() {}

  /** The flaw of a text that {@link Ids#parse} refuses. */
  static Flaw of(String text) {
    if (text.isEmpty()) {
      return Flaw.MISSING;
    }
    if (text.length() > LONGEST) {
      return ofLong(text);
    }
    String visible = visible(text);
    if (visible.isEmpty()) {
      return Flaw.MISSING;
    }
    boolean marked = APOSTROPHES.indexOf(visible.charAt(0)) >= 0;
    Flaw flaw = ofVisible(marked ? visible.substring(1) : visible);
    if (flaw != null) {
      return flaw;
    }
    return marked ? Flaw.APOSTROPHE : Flaw.BLANKS;
  }

  /** What is worse than blanks around it or an apostrophe before it; null if nothing is. */
  private static @Nullable Flaw ofVisible(String text) {
    if (Ids.parse(text) != Ids.MALFORMED) {
      return null;
    }
    if (PADDED.matcher(text).matches()) {
      return Flaw.LEADING_ZERO;
    }
    if (DIGITS.matcher(text).matches()) {
      return text.equals("0") ? Flaw.NOT_AN_ID : Flaw.TOO_LARGE;
    }
    if (SIGNED.matcher(text).matches()) {
      return Flaw.SIGN;
    }
    if (SCIENTIFIC.matcher(text).matches()) {
      return Flaw.SCIENTIFIC;
    }
    if (GROUPED.matcher(text).matches()) {
      return Flaw.GROUPED;
    }
    if (DECIMALS.matcher(text).matches()) {
      return Flaw.DECIMALS;
    }
    return FORMULA.matcher(text).matches() ? Flaw.FORMULA : Flaw.NOT_AN_ID;
  }

  private static Flaw ofLong(String text) {
    if (text.chars().allMatch(Diagnosis::isBlank)) {
      return Flaw.MISSING;
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text.charAt(0) == '0' ? Flaw.LEADING_ZERO : Flaw.TOO_LARGE;
    }
    return Flaw.NOT_AN_ID;
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.chars().filter(c -> !isBlank(c)).forEach(c -> visible.append((char) c));
    return visible.toString();
  }

  /** Blanks of all scripts, line breaks, and what has no width: joiners, marks of direction. */
  private static boolean isBlank(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT;
  }
}
