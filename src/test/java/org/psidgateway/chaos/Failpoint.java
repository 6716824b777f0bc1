package org.psidgateway.chaos;

/** Where a pod can be stopped on the way of a call, seen from its link to PostgreSQL. */
enum Failpoint {
  /** The pod holds the budget row; the grant is not written yet. */
  INSIDE_RESERVE,
  /** The grant is committed, the pod does not know yet. */
  AFTER_RESERVE,
  /** The upstream has answered, PostgreSQL does not know yet. */
  BEFORE_SETTLE,
  /** The answers are committed; neither the pod nor its callers know yet. */
  AFTER_SETTLE
}
