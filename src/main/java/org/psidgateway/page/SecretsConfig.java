package org.psidgateway.page;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that Page tokens are encrypted with. */
@ConfigMapping(prefix = "gateway.secrets")
interface SecretsConfig {

  /** Encrypts Page tokens at rest: base64 of 32 bytes. Required in production. */
  Optional<String> key();

  /** Former keys, in the same form: they still decrypt. */
  Optional<List<String>> oldKeys();
}
