package org.psidgateway.page;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that Page tokens are encrypted with. */
@ConfigMapping(prefix = "gateway.secrets")
interface SecretsConfig {

  /** Base64 of 32 bytes. Its absence is told at start, together with whatever else is missing. */
  Optional<String> key();

  /** Former keys, in the same form: they still decrypt. */
  Optional<List<String>> oldKeys();
}
