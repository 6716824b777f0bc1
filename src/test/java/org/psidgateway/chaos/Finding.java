package org.psidgateway.chaos;

/** A promise that did not hold, and where. */
record Finding(String promise, String what) {
  @Override
  public String toString() {
    return promise + ": " + what;
  }
}
