package org.psidgateway.api.mapping;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.transfer.QueryToken;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.Source;
import org.psidgateway.store.PageView;
import org.psidgateway.store.PageView.Piece;
import org.psidgateway.time.Micros;

/** All that is known of a Page, a page of the listing at a time, by ascending ASID. */
@Singleton
class MappingPages {
  private static final String PURPOSE = "cursor";
  private static final int DEFAULT_LIMIT = 100;
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}|1000");

  /** A filter that fits few rows must not keep PostgreSQL busy for long: a page may be empty. */
  private static final int LEAST_LOOKED_AT = 1_000;

  private static final int MOST_LOOKED_AT = 20_000;

  private final PageView view;

  MappingPages(PageView view) {
    this.view = view;
  }

  /**
   * @param after the last id of the page before; 0 for none
   */
  record Wanted(PageView.Query query, long after, int limit) {}

  static Wanted wanted(PageView.Query query, @Nullable String cursor, @Nullable String limit) {
    long after =
        cursor == null
            ? 0
            : QueryToken.parse(cursor, query, PURPOSE)
                .orElseThrow(
                    () -> Problem.parameter("cursor", "is not a next_cursor of this query"));
    if (limit != null && !LIMIT.matcher(limit).matches()) {
      throw Problem.parameter("limit", "must be 1 to 1000");
    }
    return new Wanted(query, after, limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit));
  }

  /** Blocks. */
  Buffer page(Wanted wanted) throws SQLException {
    List<Mapping> shown = new ArrayList<>(wanted.limit());
    long last = wanted.after();
    boolean end = false;
    for (int looked = 0; shown.size() < wanted.limit() && looked < MOST_LOOKED_AT && !end; ) {
      int most = Math.max(wanted.limit() + 1, LEAST_LOOKED_AT); // one more shows a next page
      Piece piece = view.piece(wanted.query(), last, PageView.NOW, most, true);
      int taken = Math.min(piece.size(), wanted.limit() - shown.size());
      add(shown, wanted, piece, taken);
      end = piece.end() && taken == piece.size();
      last = taken < piece.size() ? piece.asids()[taken - 1] : piece.last();
      looked += most;
    }
    return MappingJson.page(shown, end ? null : QueryToken.of(last, wanted.query(), PURPOSE));
  }

  private static void add(List<Mapping> shown, Wanted wanted, Piece piece, int taken) {
    for (int i = 0; i < taken; i++) {
      shown.add(
          new Mapping(
              wanted.query().page(),
              piece.asids()[i],
              piece.verdicts()[i],
              Source.STORE,
              Micros.instant(piece.resolvedAt()[i]),
              Micros.instant(piece.checkedAt()[i])));
    }
  }
}
