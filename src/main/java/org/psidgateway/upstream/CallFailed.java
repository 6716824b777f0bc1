package org.psidgateway.upstream;

/** Carries an outcome that counts as a failure in the circuit breaker. Control flow: no trace. */
final class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  CallFailed(Outcome outcome) {
    super("call failed", null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
