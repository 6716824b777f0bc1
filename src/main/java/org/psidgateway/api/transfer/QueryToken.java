package org.psidgateway.api.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Sha256;
import org.psidgateway.store.PageView;

/**
 * A place or a moment, bound to the query that it was given out for: another query can't go on with
 * it. Opaque to callers, so that it may become another.
 */
public final class QueryToken {
  private static final int MARK = 12;

  private QueryToken() {}

  /** For a number of 1 or more; {@code purpose} tells apart what is told apart by nothing else. */
  public static String of(long number, PageView.Query query, String purpose) {
    return of(number, text(query, purpose));
  }

  /**
   * @param query all that the token is bound to
   */
  public static String of(long number, String query) {
    byte[] text = (mark(query) + number).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /** Empty for anything that {@link #of} did not make of this query and purpose. */
  public static OptionalLong parse(String token, PageView.Query query, String purpose) {
    return parse(token, text(query, purpose));
  }

  /** Empty for anything that {@link #of(long, String)} did not make of this query. */
  public static OptionalLong parse(String token, String query) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1);
      long number = text.startsWith(mark(query)) ? Ids.parse(text.substring(MARK)) : Ids.MALFORMED;
      return number == Ids.MALFORMED ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  private static String text(PageView.Query query, String purpose) {
    return query.page()
        + " "
        + new TreeSet<>(query.statuses())
        + " "
        + query.since()
        + " "
        + purpose;
  }

  private static String mark(String query) {
    return Sha256.hex(query).substring(0, MARK);
  }
}
