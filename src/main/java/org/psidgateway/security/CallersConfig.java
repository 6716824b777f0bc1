package org.psidgateway.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** {@code gateway.callers."<name>".*}: who may call. */
@ConfigMapping(prefix = "gateway.callers")
interface CallersConfig {

  @WithParentName
  Map<String, Caller> byName();

  /** One caller. */
  interface Caller {
    /** SHA-256 of the API key in hex; several, comma-separated, while a key is rotated. */
    List<String> keySha256();

    /** What the caller may do; at least one. */
    Set<Role> roles();

    /**
     * How many distinct ids the caller may have resolved per minute, by each pod on its own: divide
     * it by the number of pods. Unlimited if absent.
     */
    OptionalInt idsPerMinute();
  }
}
