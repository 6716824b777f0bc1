package org.psidgateway.secrets;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that encrypt Page tokens and sign answers in Redis. */
@ConfigMapping(prefix = "gateway.secrets")
interface SecretsConfig {

  /**
   * The key that encrypts Page tokens at rest and signs answers in Redis: 32 bytes in base64.
   * Required in production.
   */
  Optional<String> key();

  /** Former keys, in the same form. They still decrypt tokens and verify answers. */
  Optional<List<String>> oldKeys();
}
