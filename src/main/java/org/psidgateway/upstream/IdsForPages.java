package org.psidgateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.psidgateway.model.Ids;
import org.psidgateway.model.PageId;
import org.psidgateway.upstream.Outcome.Match;

/**
 * The body that answers one operation. A row counts for the Page that it names, and a body that is
 * garbled in one row is not believed in the others.
 *
 * @param matches what the rows say
 * @param returned PSIDs, repeats included, believed or not
 * @param complete whether there is no more to come
 * @param after the cursor that leads to more; empty if there is no more, or no way to it
 */
record IdsForPages(List<Match> matches, int returned, boolean complete, Optional<String> after) {
  private static final int LONGEST_CURSOR = 1024;

  /**
   * Never throws.
   *
   * @param from the cursor that was asked with: the same again leads nowhere
   */
  static IdsForPages read(long asid, JsonNode body, Optional<String> from) {
    Map<PageId, Long> psids = new LinkedHashMap<>();
    int returned = 0;
    boolean sound = body.path("data").isArray();
    for (JsonNode row : body.path("data")) {
      long psid = id(row);
      long page = id(row.path("page"));
      if (psid != Ids.MALFORMED) {
        returned++;
      }
      sound &= psid != Ids.MALFORMED && page != Ids.MALFORMED;
      if (sound) {
        Long before = psids.put(new PageId(page), psid);
        sound = before == null || before == psid;
      }
    }
    if (!sound) {
      return new IdsForPages(List.of(), returned, false, Optional.empty());
    }
    List<Match> matches = new ArrayList<>(psids.size());
    psids.forEach((page, psid) -> matches.add(new Match(asid, page, psid)));
    JsonNode paging = body.path("paging");
    Optional<String> after = cursor(paging).filter(cursor -> !from.equals(Optional.of(cursor)));
    return new IdsForPages(List.copyOf(matches), returned, isLast(paging), after);
  }

  boolean hasRows() {
    return !matches.isEmpty();
  }

  /** Whether there is nothing behind {@code next}: its URL is not used, a cursor may be there. */
  private static boolean isLast(JsonNode paging) {
    boolean readable = paging.isObject() || paging.isMissingNode() || paging.isNull();
    JsonNode next = paging.path("next");
    return (readable || paging.isArray() && paging.isEmpty())
        && (next.isMissingNode() || next.isNull());
  }

  /** The cursor, if there is a next page. */
  private static Optional<String> cursor(JsonNode paging) {
    JsonNode after = paging.at("/cursors/after");
    return Optional.of(after.asText())
        .filter(cursor -> after.isTextual() && paging.hasNonNull("next"))
        .filter(cursor -> !cursor.isEmpty() && cursor.length() <= LONGEST_CURSOR)
        .filter(cursor -> cursor.chars().allMatch(c -> c > ' ' && c <= '~'));
  }

  /** Numbers by their digits: as a double, a PSID would become somebody else's. */
  private static long id(JsonNode of) {
    JsonNode id = of.path("id");
    return id.isTextual() || id.isIntegralNumber() ? Ids.parse(id.asText()) : Ids.MALFORMED;
  }
}
