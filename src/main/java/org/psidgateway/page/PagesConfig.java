package org.psidgateway.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Pages that configuration brings along, by id. */
@ConfigMapping(prefix = "gateway.pages")
interface PagesConfig {

  @WithParentName
  Map<String, Seed> seeds();

  /** What is absent is left as it is. */
  interface Seed {

    Optional<String> token();

    Optional<String> name();

    OptionalLong fans();

    Optional<Boolean> testPage();

    /** Declared here for the Page's sake; whoever paces calls reads it. */
    OptionalInt paceCalls();

    Optional<Duration> pacePer();
  }
}
