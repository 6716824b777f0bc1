package org.psidgateway.ops;

import io.quarkus.arc.Unremovable;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.Optional;

/**
 * Keys of the contract that no room reads yet: whoever sets one early is not stopped. A room that
 * comes to read a key declares it itself; then it goes from here.
 */
@ConfigMapping(prefix = "gateway.cache")
@Unremovable
interface AwaitedConfig {

  @WithName("l1.max-entries")
  Optional<String> maxEntries();

  @WithName("redis.enabled")
  Optional<String> redisEnabled();

  @WithName("redis.timeout")
  Optional<String> redisTimeout();

  @WithName("redis.ttl")
  Optional<String> redisTtl();
}
