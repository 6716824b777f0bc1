package org.psidgateway.api.mapping;

import java.util.concurrent.ThreadLocalRandom;
import org.psidgateway.transfer.rows.Row;
import org.psidgateway.transfer.rows.RowSink;

/** The ids of a short list, each once, and what else it had. Not thread-safe. */
final class ListedIds implements RowSink {
  private final DistinctIds ids = new DistinctIds(256, ThreadLocalRandom.current().nextLong());
  private int received;
  private int malformed;

  @Override
  public void row(Row row) {
    received++;
    if (row.flaw(0) == null) {
      ids.add(row.id(0));
    } else {
      malformed++;
    }
  }

  int received() {
    return received;
  }

  int malformed() {
    return malformed;
  }

  int duplicates() {
    return received - malformed - ids.size();
  }

  long[] distinct() {
    return ids.toArray();
  }
}
