package org.psidgateway.api.admin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.model.Ids;

/** Where the next page of a listing begins. Opaque to callers, so that it may become another. */
final class Cursor {
  private Cursor() {}

  /** For a number of 1 or more. */
  static String of(long number) {
    byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digits);
  }

  /** The number in a cursor of ours. Throws the problem of any other. */
  static long parse(String cursor) {
    long number = Ids.MALFORMED;
    try {
      byte[] digits = Base64.getUrlDecoder().decode(cursor);
      number = Ids.parse(new String(digits, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      // reported below, as any other cursor that is not ours
    }
    if (number == Ids.MALFORMED) {
      throw Problem.parameter("cursor", "is not the next_cursor of an earlier answer");
    }
    return number;
  }
}
