package org.psidgateway.ops;

import io.quarkus.arc.Unremovable;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of the contract that no room reads yet: whoever sets one early is not stopped. A room that
 * comes to read a key declares it itself; then it goes from here.
 */
@ConfigMapping(prefix = "gateway")
@Unremovable
interface AwaitedConfig {

  App app();

  Upstream upstream();

  Retry retry();

  Breaker breaker();

  Cooldown cooldown();

  Uncertain uncertain();

  Pace pace();

  Batch batch();

  Quota quota();

  Window window();

  Negative negative();

  Cache cache();

  Resolve resolve();

  Map<String, Caller> callers();

  interface App {
    Optional<String> id();

    Optional<String> secret();
  }

  interface Upstream {
    Optional<String> kind();

    Optional<String> baseUrl();

    Optional<String> version();

    Optional<String> timeout();

    Optional<String> connectTimeout();

    Optional<String> batchSize();

    Optional<String> concurrency();
  }

  interface Retry {
    Optional<String> maxAttempts();

    Optional<String> initialDelay();

    Optional<String> maxDelay();

    Optional<String> budget();
  }

  interface Breaker {
    Optional<String> failureRatio();

    Optional<String> requestVolume();

    Optional<String> delay();
  }

  interface Cooldown {
    Optional<String> initial();

    Optional<String> max();
  }

  interface Uncertain {
    Optional<String> delay();
  }

  interface Pace {
    Optional<String> calls();

    Optional<String> per();

    Optional<String> burst();
  }

  interface Batch {
    Optional<String> linger();

    Optional<String> maxQueued();
  }

  interface Quota {
    Optional<String> ceiling();

    Optional<String> fanShare();

    Optional<String> uncertainCap();

    Optional<String> reserveFloor();
  }

  interface Window {
    Optional<String> approvedOn();

    Optional<String> length();

    Optional<String> closedOn();
  }

  interface Negative {
    Optional<String> recheckAfter();
  }

  interface Cache {
    L1 l1();

    Redis redis();

    interface L1 {
      Optional<String> maxEntries();
    }

    interface Redis {
      Optional<String> enabled();

      Optional<String> timeout();

      Optional<String> ttl();
    }
  }

  interface Resolve {
    Optional<String> maxIds();
  }

  interface Caller {
    Optional<List<String>> keySha256();

    Optional<List<String>> roles();

    Optional<String> idsPerMinute();
  }
}
