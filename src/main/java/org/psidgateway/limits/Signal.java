package org.psidgateway.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * What the end of a call says about the upstream, beside its answer.
 *
 * @param appWide for a throttle: whether it concerns the app, or this Page only
 * @param regainAfter for a throttle: how long the upstream asked to be left alone; empty if it did
 *     not say, which means a back-off of our own
 */
public record Signal(Kind kind, boolean appWide, Optional<Duration> regainAfter) {

  /** It answered about ids: neither a limit nor the end of the API stands in the way. */
  public static final Signal OPEN = of(Kind.OPEN);

  /** It refused, but not because of a limit. */
  public static final Signal PASSED = of(Kind.PASSED);

  /** The upstream says that the API no longer exists. */
  public static final Signal RETIRED = of(Kind.RETIRED);

  /** The app may not use the API on this Page. */
  public static final Signal DENIED = of(Kind.DENIED);

  /** The upstream rejected the app's proof. */
  public static final Signal UNPROVEN = of(Kind.UNPROVEN);

  /** Nothing. */
  public static final Signal NOTHING = of(Kind.NOTHING);

  /** What was signalled. */
  public enum Kind {
    OPEN,
    PASSED,
    THROTTLED,
    RETIRED,
    DENIED,
    UNPROVEN,
    NOTHING
  }

  /** A limit stood in the way: no call is granted until the cooldown that it starts is over. */
  public static Signal throttled(boolean appWide, Optional<Duration> regainAfter) {
    return new Signal(Kind.THROTTLED, appWide, regainAfter);
  }

  public boolean isThrottle() {
    return kind == Kind.THROTTLED;
  }

  private static Signal of(Kind kind) {
    return new Signal(kind, false, Optional.empty());
  }
}
