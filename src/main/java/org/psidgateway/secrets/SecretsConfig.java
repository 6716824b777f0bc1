package org.psidgateway.secrets;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that Page tokens are encrypted with, and answers in Redis signed. */
@ConfigMapping(prefix = "gateway.secrets")
interface SecretsConfig {

  /**
   * Encrypts Page tokens at rest, and signs answers in Redis: base64 of 32 bytes. Required in
   * production.
   */
  Optional<String> key();

  /** Former keys, in the same form: they still decrypt and verify. */
  Optional<List<String>> oldKeys();
}
