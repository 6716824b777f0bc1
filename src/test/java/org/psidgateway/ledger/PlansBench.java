package org.psidgateway.ledger;

/** {@link PlansTest} on tables as full as they get: all of the quota, and a million calls. */
class PlansBench extends PlansTest {
  @Override
  int mappings() {
    return 5_000_000;
  }

  @Override
  int calls() {
    return 1_000_000;
  }
}
