package org.psidgateway.ledger;

import java.util.UUID;
import org.psidgateway.db.RoundTrip;

/**
 * Work that calls are made for alone, within bounds of its own: a migration. Its statements travel
 * in the ledger's transactions, so that what it knows of its calls is committed with them. The
 * order of locks is the ledger's: claims, mappings, then the account, then the call's row and the
 * budget row. Thread-safe.
 */
public interface Account {
  UUID id();

  /** Whom the ledger names for its ids. */
  String caller();

  /** Among the accounts that want a call the one with the lowest goes first; it may change. */
  long rank();

  /**
   * Adds what a reserve has to know, and keeps others from changing that until its end.
   *
   * @param asids those that are free to be asked
   */
  Terms terms(RoundTrip trip, long[] asids);

  /** Adds what the end of a call changes, while the call's own row is as it was. */
  Closing close(RoundTrip trip, Settlement settlement);

  /** To be asked once the trip has run. */
  interface Terms {
    /** Whether a call may be made for it that asks some of these ids. */
    boolean isOpen();

    /**
     * How many of {@code ids} a call that spends may ask; 0 if it has to wait for the end of
     * others.
     */
    int most(int ids);

    /** Adds that the call was granted. */
    void granted(RoundTrip trip, Decision.Call call);
  }

  /** To be asked once the trip has run. */
  interface Closing {
    /** Adds what follows, in the same transaction. */
    void conclude(RoundTrip trip);
  }
}
