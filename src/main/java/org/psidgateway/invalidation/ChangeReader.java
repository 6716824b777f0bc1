package org.psidgateway.invalidation;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/**
 * Reads the table for one pod: the listeners learn of every committed row at least once, in
 * whatever order rows are committed. Used by one thread at a time.
 */
final class ChangeReader {
  /** Rows per round trip; a round deletes as many. */
  static final int CHUNK = 1000;

  /** So many are due only after a very large import; another pod, or the next round, goes on. */
  private static final int MOST_REPEATED = 50 * CHUNK;

  private final InvalidationTable table;
  private final List<ChangeListener> listeners;
  private final InvalidationMeters meters;

  private @Nullable ReadPosition position;

  /** Rows that were reported and will be read again: those after the position. */
  private Set<Long> reported = Set.of();

  ChangeReader(InvalidationTable table, List<ChangeListener> listeners, InvalidationMeters meters) {
    this.table = table;
    this.listeners = listeners;
    this.meters = meters;
  }

  /** The database is another one: anything may have changed. */
  void startAnew() {
    position = null;
  }

  /** Reads and reports what is new. If that fails, the next call reports it all again. */
  void read() throws SQLException {
    ReadPosition here = table.here();
    ReadPosition last = position;
    if (last == null || !here.follows(last)) {
      report(ChangeListener::anythingMayHaveChanged);
      reported = Set.of();
    } else {
      reported = readOn(last, here);
    }
    position = here; // whether or not the next statement fails, as on a server that is read-only
    for (int left = MOST_REPEATED; left > 0 && table.repeat(CHUNK) == CHUNK; left -= CHUNK) {}
    table.deleteOld(CHUNK);
  }

  private Set<Long> readOn(ReadPosition last, ReadPosition here) throws SQLException {
    Set<Long> known = here.restartedSince(last) ? Set.of() : reported;
    Set<Long> again = new HashSet<>();
    long xid = here.from(last);
    long seq = 0;
    for (List<Change> rows = table.read(xid, seq, CHUNK);
        !rows.isEmpty();
        rows = table.read(xid, seq, CHUNK)) {
      report(rows.stream().filter(row -> !known.contains(row.seq())).toList());
      rows.stream().filter(row -> row.xid() >= here.xid()).map(Change::seq).forEach(again::add);
      seq = rows.get(rows.size() - 1).seq();
    }
    return again;
  }

  private void report(List<Change> changes) {
    Set<PageId> pages =
        changes.stream()
            .filter(change -> change.what().equals(Change.PAGE))
            .map(change -> new PageId(change.page()))
            .collect(Collectors.toSet());
    if (!pages.isEmpty()) {
      report(listener -> listener.pagesChanged(pages));
    }
    Map<Long, List<Change>> mappings =
        changes.stream()
            .filter(change -> change.page() > 0 && change.asid() > 0)
            .collect(Collectors.groupingBy(Change::page));
    mappings.forEach(
        (page, some) -> {
          long[] asids = some.stream().mapToLong(Change::asid).toArray();
          report(listener -> listener.mappingsChanged(new PageId(page), asids));
        });
    meters.handled(changes);
  }

  /** Calls all of them, even if one fails. */
  private void report(Consumer<ChangeListener> change) {
    List<RuntimeException> failures = new ArrayList<>();
    for (ChangeListener listener : listeners) {
      try {
        change.accept(listener);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }
}
