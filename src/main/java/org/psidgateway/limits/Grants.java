package org.psidgateway.limits;

/** Calls granted one after the other, in a future in which nothing unforeseen happens. */
public interface Grants {

  /**
   * When the next call is granted, which then counts for those after it.
   *
   * @param notBefore in microseconds of {@code ledger_now()}; never earlier than the call before
   * @param cost calls that it counts as
   */
  long next(long notBefore, int cost);
}
