package org.psidgateway.api.admin;

/** Text that people write and others read: in answers, in tables, in logs. */
public final class PrintableText {
  private PrintableText() {}

  /**
   * Whether {@code text} has 1 to {@code longest} characters that can be seen and stored: no
   * control characters, no line breaks, no halves of surrogate pairs, and not blanks alone.
   */
  public static boolean is(String text, int longest) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= longest
        && text.codePoints().allMatch(PrintableText::isPrintable);
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
