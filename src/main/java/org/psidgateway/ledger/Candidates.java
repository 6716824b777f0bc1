package org.psidgateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;

/**
 * What became of the ids that a reserve asked for: claimed, claimed by other calls, or known. An id
 * need not be asked if all Pages that it is wanted of are either known or paused.
 */
final class Candidates {
  private final Ledger.Request request;
  private final Set<Long> claimed = new HashSet<>();
  private final Set<Long> uncertain = new HashSet<>();
  private final Set<Long> missing = new HashSet<>();
  private final Map<UUID, Set<Long>> foreign = new HashMap<>();
  private final List<PageFindings> known = new ArrayList<>();
  private final Set<PageId> paused = new HashSet<>();
  private final List<PageId> registered = new ArrayList<>();
  private Set<Long> open = Set.of();

  Candidates(Ledger.Request request) {
    this.request = request;
  }

  /** Rows of {@link Claims#TAKE}. */
  void claimed(ResultSet rows) throws SQLException {
    while (rows.next()) {
      claimed.add(rows.getLong(1));
      if (rows.getBoolean(2)) {
        uncertain.add(rows.getLong(1));
      }
      if (rows.getBoolean(3)) {
        missing.add(rows.getLong(1));
      }
    }
  }

  /** Rows of {@link Claims#HOLDERS}. */
  void foreign(ResultSet rows) throws SQLException {
    while (rows.next()) {
      foreign
          .computeIfAbsent(rows.getObject(1, UUID.class), call -> new HashSet<>())
          .add(rows.getLong(2));
    }
  }

  /** All Pages, and whether somebody has paused them: one that is not there counts as paused. */
  void pages(ResultSet rows) throws SQLException {
    paused.addAll(request.wanted().keySet());
    while (rows.next()) {
      if (!rows.getBoolean(2)) {
        paused.remove(new PageId(rows.getLong(1)));
      }
    }
  }

  /** The same at the moment of the grant. */
  void registered(ResultSet rows) throws SQLException {
    while (rows.next()) {
      registered.add(new PageId(rows.getLong(1)));
    }
  }

  void known(PageFindings findings) {
    known.add(findings);
  }

  /** All has been read. */
  void complete() {
    open = new HashSet<>();
    request
        .wanted()
        .forEach(
            (page, asids) -> {
              if (!paused.contains(page)) {
                Set<Long> told = new HashSet<>();
                known.stream()
                    .filter(one -> one.page().equals(page))
                    .flatMapToLong(one -> LongStream.of(one.findings().asids()))
                    .forEach(told::add);
                LongStream.of(asids).filter(asid -> !told.contains(asid)).forEach(open::add);
              }
            });
  }

  Seen seen() {
    Map<UUID, long[]> others = new HashMap<>();
    foreign.forEach(
        (call, ids) -> {
          long[] waiting = ids.stream().filter(open::contains).mapToLong(id -> id).toArray();
          if (waiting.length > 0) {
            others.put(call, waiting);
          }
        });
    return new Seen(List.copyOf(known), others, Set.copyOf(paused));
  }

  /** The Pages that a call for all Pages asks about. */
  List<PageId> registered() {
    return List.copyOf(registered);
  }

  /** Those of {@code asids} that were said not to exist, once, and not long ago. */
  Set<Long> missing(long[] asids) {
    Set<Long> said = new HashSet<>();
    LongStream.of(asids).filter(missing::contains).forEach(said::add);
    return said;
  }

  /** Claimed, though they need not be asked: they are known, or only wanted of paused Pages. */
  long[] needless() {
    return LongStream.of(request.candidates())
        .filter(id -> claimed.contains(id) && !open.contains(id))
        .toArray();
  }

  /** Claimed and not known, in the order of the candidates. */
  long[] free() {
    return LongStream.of(request.candidates())
        .filter(id -> claimed.contains(id) && open.contains(id))
        .toArray();
  }

  /** The same, but those that an earlier call may have been charged for come first. */
  long[] freeUncertainFirst() {
    long[] free = free();
    return IntStream.rangeClosed(0, 1)
        .mapToObj(i -> LongStream.of(free).filter(id -> uncertain.contains(id) == (i == 0)))
        .flatMapToLong(ids -> ids)
        .toArray();
  }

  /** {@code all} without {@code some}, in the order of {@code all}. */
  static long[] without(long[] all, long[] some) {
    long[] sorted = some.clone();
    Arrays.sort(sorted);
    return LongStream.of(all).filter(id -> Arrays.binarySearch(sorted, id) < 0).toArray();
  }
}
