package org.psidgateway.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code gateway.callers."<name>".*}: the callers and what they may do. */
@ConfigMapping(prefix = "gateway.callers")
interface CallersConfig {

  @WithParentName
  Map<String, Caller> byName();

  /** One caller. */
  interface Caller {
    /**
     * SHA-256 of the caller's API key, in hex. Several, separated by commas, while a key is
     * rotated.
     */
    Optional<List<String>> keySha256();

    /** What the caller may do. At least one role. */
    Optional<Set<Role>> roles();

    /**
     * How many distinct ids the caller may have resolved per minute, by each pod on its own: divide
     * it by the number of pods. Unlimited if absent.
     */
    OptionalInt idsPerMinute();
  }
}
