package org.psidgateway.batch;

import java.time.Duration;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.trace.Trace;

/** One turn of a conversion: it has a permit and asks for a grant. */
final class Turn {
  final Selection ids;
  final Pauses pauses;
  final CallPermits.Permit permit;
  final Ledger.Request request;
  final Trace trace;
  private volatile Duration sentAfter = Duration.ZERO;

  Turn(
      Selection ids,
      Pauses pauses,
      CallPermits.Permit permit,
      Ledger.Request request,
      Trace trace) {
    this.ids = ids;
    this.pauses = pauses;
    this.permit = permit;
    this.request = request;
    this.trace = trace;
  }

  /** How long after its grant was asked for the call was handed to its connection. */
  Duration sentAfter() {
    return sentAfter;
  }

  void sentAfter(Duration time) {
    sentAfter = time;
  }
}
