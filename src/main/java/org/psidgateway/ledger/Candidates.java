package org.psidgateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.model.Findings;

/** What became of the ids that a reserve asked for: claimed, claimed by other calls, or known. */
final class Candidates {
  private final long[] asids;
  private final Set<Long> claimed = new HashSet<>();
  private final Set<Long> uncertain = new HashSet<>();
  private final Map<UUID, Set<Long>> foreign = new HashMap<>();
  private final Set<Long> answered = new HashSet<>();
  private Findings known = Findings.NONE;

  Candidates(long[] asids) {
    this.asids = asids;
  }

  /** Rows of {@link Claims#TAKE}. */
  void claimed(ResultSet rows) throws SQLException {
    while (rows.next()) {
      claimed.add(rows.getLong(1));
      if (rows.getBoolean(2)) {
        uncertain.add(rows.getLong(1));
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

  void known(Findings findings) {
    known = findings;
    LongStream.of(findings.asids()).forEach(answered::add);
  }

  Seen seen() {
    Map<UUID, long[]> others = new HashMap<>();
    foreign.forEach(
        (call, ids) -> {
          long[] waiting =
              ids.stream().filter(id -> !answered.contains(id)).mapToLong(id -> id).toArray();
          if (waiting.length > 0) {
            others.put(call, waiting);
          }
        });
    return new Seen(known, others);
  }

  /** Claimed, though they need not be asked. */
  long[] needless() {
    return LongStream.of(known.asids()).filter(claimed::contains).toArray();
  }

  /** Claimed and not known, in the order of the candidates. */
  long[] free() {
    return LongStream.of(asids)
        .filter(id -> claimed.contains(id) && !answered.contains(id))
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
