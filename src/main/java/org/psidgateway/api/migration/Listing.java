package org.psidgateway.api.migration;

import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.migration.State;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Sha256;

/**
 * Which migrations a request wants to see. Its cursors are bound to the filter: another query can't
 * go on with them.
 *
 * @param before the last one of the page before; null on the first
 */
record Listing(Migrations.Filter filter, @Nullable MigrationId before, int limit) {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MARK = 12;
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}|1000");

  static Listing of(MultivaluedMap<String, String> query) {
    String page = query.getFirst("page_id");
    String state = query.getFirst("state");
    Migrations.Filter filter =
        new Migrations.Filter(
            page == null ? null : RegisteredPages.parse(page),
            state == null ? null : state(state),
            new QueryParameters(query).labels());
    String cursor = query.getFirst("cursor");
    String limit = query.getFirst("limit");
    if (limit != null && !LIMIT.matcher(limit).matches()) {
      throw Problem.parameter("limit", "must be 1 to 1000");
    }
    return new Listing(
        filter,
        cursor == null ? null : place(cursor, filter),
        limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit));
  }

  private static State state(String name) {
    return Arrays.stream(State.values())
        .filter(state -> state.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> Problem.parameter("state", "is not a state of migrations"));
  }

  /**
   * @param found one more than are shown, if there is a next page
   */
  @Nullable String next(List<Migration> found) {
    if (found.size() <= limit) {
      return null;
    }
    String text = mark(filter) + found.get(limit - 1).id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static MigrationId place(String cursor, Migrations.Filter filter) {
    Optional<MigrationId> place = Optional.empty();
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
      if (text.startsWith(mark(filter))) {
        place = MigrationId.parse(text.substring(MARK));
      }
    } catch (IllegalArgumentException e) {
      // reported below, as any other cursor that is not ours
    }
    return place.orElseThrow(
        () -> Problem.parameter("cursor", "is not a next_cursor of this query"));
  }

  private static String mark(Migrations.Filter filter) {
    PageId page = filter.page();
    String text = page + " " + filter.state() + " " + new TreeMap<>(filter.labels());
    return Sha256.hex("migrations " + text).substring(0, MARK);
  }
}
