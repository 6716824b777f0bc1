package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.window")
interface WindowConfig {
  /** Date of App Review approval; empty: no end is known. */
  Optional<LocalDate> approvedOn();

  /** How long the upstream may be asked from then on. */
  @WithDefault("P180D")
  Period length();

  /** Date on which the upstream was closed early. */
  Optional<LocalDate> closedOn();
}
