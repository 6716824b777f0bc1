package org.psidgateway.upstream;

/** What an {@code appsecret_proof} is made of. */
enum ProofForm {
  /** The token alone. */
  PLAIN,
  /** The token and the time, which is sent beside it. */
  TIMED
}
