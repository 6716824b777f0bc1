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

    /**
     * The Page's access token. Like all of a Page: applied only where it differs from what was
     * seeded last, so that it does not undo a {@code PUT}.
     */
    Optional<String> token();

    /** What the Page is called; for people. */
    Optional<String> name();

    /** How many people like the Page: counts for {@code gateway.quota.fan-share}. */
    OptionalLong fans();

    /** Whether it is one of the app's test pages, of which there are five at most. */
    Optional<Boolean> testPage();
  }
}
