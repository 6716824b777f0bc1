package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger.Revisit;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;

/** Looks again at ids that other calls were asking. */
final class Revisits {
  private final MappingStore store;

  Revisits(MappingStore store) {
    this.store = store;
  }

  /** Claims first, then answers, so that an id answered in between is not taken for free. */
  Revisit look(Connection connection, Map<UUID, long[]> awaited, Map<PageId, long[]> wanted)
      throws SQLException {
    HeldClaims claims = new HeldClaims();
    RoundTrip first = RoundTrip.plain();
    Claims.underWay(first, connection, awaited.keySet(), claims);
    first.run(connection);
    Map<UUID, long[]> still = new HashMap<>();
    Set<Long> ended = new HashSet<>();
    awaited.forEach(
        (call, asids) -> {
          Set<Long> held = claims.of(call);
          LongStream.of(asids).filter(id -> !held.contains(id)).forEach(ended::add);
          long[] waiting = LongStream.of(asids).filter(held::contains).toArray();
          if (waiting.length > 0) {
            still.put(call, waiting);
          }
        });
    List<PageFindings> known = known(connection, ended, wanted);
    return new Revisit(new Seen(known, still, Set.of()), claims.lookAgain());
  }

  private List<PageFindings> known(
      Connection connection, Set<Long> ended, Map<PageId, long[]> wanted) throws SQLException {
    Map<PageId, long[]> open = new HashMap<>();
    wanted.forEach(
        (page, asids) -> {
          long[] free = LongStream.of(asids).filter(ended::contains).toArray();
          if (free.length > 0) {
            open.put(page, free);
          }
        });
    List<PageFindings> known = new ArrayList<>();
    RoundTrip trip = RoundTrip.plain();
    store.lookUp(trip, open, known::add);
    trip.run(connection);
    return known;
  }
}
