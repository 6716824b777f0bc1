package org.psidgateway.batch;

import java.time.Duration;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.trace.Trace;

/** One turn of a conversion, which has a permit and asks for a grant. */
final class Attempt {
  final CallPermits.Permit permit;
  final Ledger.Request request;
  final Trace trace;
  private volatile Duration sentAfter = Duration.ZERO;

  Attempt(CallPermits.Permit permit, Ledger.Request request, Trace trace) {
    this.permit = permit;
    this.request = request;
    this.trace = trace;
  }

  /** How long it took from asking for the grant to handing the call to its connection. */
  Duration sentAfter() {
    return sentAfter;
  }

  void sentAfter(Duration time) {
    sentAfter = time;
  }
}
