package org.psidgateway.store;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.psidgateway.ops.StartReport;

/** Whether look-ups ask a replica. */
@Singleton
@Priority(StartReport.REPLICA)
class ReplicaReport implements StartReport {
  private final Replica replica;

  ReplicaReport(Replica replica) {
    this.replica = replica;
  }

  @Override
  public String report() {
    return replica.isConfigured() ? "replica on" : "no replica";
  }
}
