package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.window")
interface WindowConfig {
  /** The date of App Review approval. Empty: the window counts as open, with no end. */
  Optional<LocalDate> approvedOn();

  /** How long the upstream may be asked after {@link #approvedOn}. */
  @WithDefault("P180D")
  Period length();

  /** Date on which the upstream was closed early. */
  Optional<LocalDate> closedOn();
}
