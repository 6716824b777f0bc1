package org.psidgateway.chaos;

/** Where a pod can be stopped on the way of a call, seen from its link to PostgreSQL. */
enum Failpoint {
  /** The pod holds the budget row; the grant is not written yet. */
  INSIDE_RESERVE,
  /** The grant is committed, the pod does not know yet. */
  AFTER_RESERVE,
  /** The upstream has answered, PostgreSQL has not been told. */
  BEFORE_SETTLE,
  /** The answers are committed, the pod does not know yet, and its callers neither. */
  AFTER_SETTLE
}
