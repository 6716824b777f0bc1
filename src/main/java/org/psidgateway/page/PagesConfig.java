package org.psidgateway.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code gateway.pages."<id>".*}: Pages that the configuration seeds. */
@ConfigMapping(prefix = "gateway.pages")
interface PagesConfig {

  /** By Page id, as written in the key. */
  @WithParentName
  Map<String, Seed> seeds();

  /** Settings that are absent are left as they are. */
  interface Seed {

    /**
     * The Page's access token. Like every setting of a Page, it is applied only if it differs from
     * the value that was seeded last, so that it does not undo a {@code PUT}.
     */
    Optional<String> token();

    /** The name of the Page, for people. */
    Optional<String> name();

    /**
     * How many people like the Page. Once every Page has fans, {@code gateway.quota.fan-share} of
     * their sum limits the lifetime quota, if that is less than {@code gateway.quota.ceiling}.
     */
    OptionalLong fans();

    /** Whether this is one of the app's test Pages; an app may have five. */
    Optional<Boolean> testPage();
  }
}
