package org.psidgateway.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code gateway.pages."<id>".*}: Pages that configuration brings along. */
@ConfigMapping(prefix = "gateway.pages")
interface PagesConfig {

  /** By the id of the Page, as it is written. */
  @WithParentName
  Map<String, Seed> seeds();

  /** What is absent is left as it is. */
  interface Seed {

    Optional<String> token();

    Optional<String> name();

    OptionalLong fans();

    Optional<Boolean> testPage();
  }
}
