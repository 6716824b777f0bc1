package org.psidgateway.api.door;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import org.psidgateway.security.Role;

/** {@code gateway.door.*}: the Graph-compatible door. */
@ConfigMapping(prefix = "gateway.door")
interface DoorConfig {
  /**
   * Whether {@code POST /pages_id_mapping}, with or without a version in front, is answered as the
   * Graph API would: for programs that send a Page's token and know nothing of this gateway. Needs
   * {@code gateway.app.secret}.
   */
  @WithDefault("false")
  boolean enabled();

  /** How long such a request waits for conversions. What is not ready by then is error 2. */
  @WithName("wait")
  @WithDefault("PT25S")
  Duration patience();

  /**
   * What these programs may do: {@code convert} has unknown ids converted, {@code read} alone
   * answers what is known. They need no key of a caller.
   */
  @WithDefault("convert")
  Set<Role> roles();

  /**
   * How many distinct ids the holders of a Page's token may ask per minute, by each Page and pod on
   * its own. Unlimited if absent.
   */
  OptionalInt idsPerMinute();
}
