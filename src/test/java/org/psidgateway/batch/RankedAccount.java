package org.psidgateway.batch;

import java.util.UUID;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Account;
import org.psidgateway.ledger.Settlement;

/** One that has a place in the queue, and asks nothing of the ledger. */
final class RankedAccount implements Account {
  private final UUID id = UUID.randomUUID();
  private final String name;
  long rank;

  RankedAccount(String name, long rank) {
    this.name = name;
    this.rank = rank;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public String caller() {
    return name;
  }

  @Override
  public long rank() {
    return rank;
  }

  @Override
  public Terms terms(RoundTrip trip, long[] asids) {
    throw new AssertionError("no ledger is asked here");
  }

  @Override
  public Closing close(RoundTrip trip, Settlement settlement) {
    throw new AssertionError("no ledger is told here");
  }
}
