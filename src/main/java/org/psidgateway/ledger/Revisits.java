package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger.Revisit;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;

/** Looks again at ids that other calls were asking. */
final class Revisits {
  private final MappingStore store;

  Revisits(MappingStore store) {
    this.store = store;
  }

  /** Claims first, then answers, so that an id answered in between is not taken for free. */
  Revisit look(Connection connection, PageId page, Map<UUID, long[]> awaited) throws SQLException {
    HeldClaims claims = new HeldClaims();
    RoundTrip first = RoundTrip.plain();
    Claims.underWay(first, connection, awaited.keySet(), claims);
    first.run(connection);
    Map<UUID, long[]> still = new HashMap<>();
    LongStream.Builder ended = LongStream.builder();
    awaited.forEach(
        (call, asids) -> {
          Set<Long> held = claims.of(call);
          LongStream.of(asids).filter(id -> !held.contains(id)).forEach(ended);
          long[] waiting = LongStream.of(asids).filter(held::contains).toArray();
          if (waiting.length > 0) {
            still.put(call, waiting);
          }
        });
    Findings known = known(connection, page, ended.build().toArray());
    return new Revisit(new Seen(known, still), claims.lookAgain());
  }

  private Findings known(Connection connection, PageId page, long[] asids) throws SQLException {
    if (asids.length == 0) {
      return Findings.NONE;
    }
    List<Findings> known = new ArrayList<>(1);
    RoundTrip trip = RoundTrip.plain();
    store.lookUp(trip, page, asids, known::add);
    trip.run(connection);
    return known.isEmpty() ? Findings.NONE : known.get(0);
  }
}
