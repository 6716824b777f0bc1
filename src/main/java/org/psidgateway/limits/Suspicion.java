package org.psidgateway.limits;

/** What the upstream's answers hint at without saying so. Stored by name, in lower case. */
enum Suspicion {
  /** Throttled although little is used: the lifetime quota may be what is meant. */
  UPSTREAM_QUOTA_SUSPECTED,
  /** "Deprecated" or "not allowed" again and again: perhaps closed by the app's owner. */
  WINDOW_SUSPECTED_CLOSED,
  /** The upstream rejects the app's proof: the secret is wrong. */
  APP_SECRET_REJECTED
}
