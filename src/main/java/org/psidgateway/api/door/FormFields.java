package org.psidgateway.api.door;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Reads {@code application/x-www-form-urlencoded}: names and values in UTF-8, {@code &} between
 * them. A list of ids has an encoded comma behind each, so the bytes are decoded in one pass.
 */
final class FormFields {
  private static final int MOST = 2048;
  private static final int HEX = 16;

  private FormFields() {}

  /**
   * Hands on each field, in order.
   *
   * @throws GraphRefusal if there are too many, or one is not well encoded
   */
  static void read(byte[] form, BiConsumer<String, String> fields) {
    int count = 0;
    int from = 0;
    int equals = -1;
    for (int to = 0; to <= form.length; to++) {
      if (to == form.length || form[to] == '&') {
        if (to > from) {
          int end = equals < 0 ? to : equals;
          fields.accept(decoded(form, from, end), decoded(form, Math.min(to, end + 1), to));
          count++;
        }
        from = to + 1;
        equals = -1;
      } else if (form[to] == '=' && equals < 0) {
        equals = to;
      }
      if (count > MOST) {
        throw GraphRefusal.of(GraphError.UNREADABLE);
      }
    }
  }

  private static String decoded(byte[] form, int from, int to) {
    byte[] plain = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = form[i] == '+' ? (byte) ' ' : form[i];
      if (b == '%') {
        int high = i + 2 < to ? Character.digit(form[i + 1], HEX) : -1;
        int low = high < 0 ? -1 : Character.digit(form[i + 2], HEX);
        if (low < 0) {
          throw GraphRefusal.of(GraphError.UNREADABLE);
        }
        b = (byte) (high * HEX + low);
        i += 2;
      }
      plain[length++] = b;
    }
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }
}
