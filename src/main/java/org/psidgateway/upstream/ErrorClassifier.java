package org.psidgateway.upstream;

import static org.psidgateway.upstream.UpstreamError.IDS_LISTED;
import static org.psidgateway.upstream.UpstreamError.IDS_UNLISTED;
import static org.psidgateway.upstream.UpstreamError.PERMISSION;
import static org.psidgateway.upstream.UpstreamError.RETIRED;
import static org.psidgateway.upstream.UpstreamError.THROTTLED_APP;
import static org.psidgateway.upstream.UpstreamError.THROTTLED_PAGE;
import static org.psidgateway.upstream.UpstreamError.TOKEN;
import static org.psidgateway.upstream.UpstreamError.TOO_MANY_IDS;
import static org.psidgateway.upstream.UpstreamError.TRANSIENT;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.upstream.Outcome.Refused;

/**
 * Decides what an error means: by its code, its subcode, {@code is_transient} and words of its
 * message, in this order; the HTTP status comes last, since Graph uses any for anything.
 */
final class ErrorClassifier {
  private static final long[] NOBODY = {};
  private static final int TOO_MANY_REQUESTS = 429;

  private ErrorClassifier() {}

  static Refused classify(GraphError error, int status, long[] asked, UsageHeaders usage) {
    long[] named = ListedIds.read(error.data(), asked);
    UpstreamError meaning = meaning(error, status, named.length > 0);
    Duration wait =
        meaning.isThrottle()
            ? usage.regain()
            : meaning.isTransient() ? usage.retryAfter() : Duration.ZERO;
    return new Refused(
        meaning,
        meaning == IDS_LISTED ? named : NOBODY,
        Optional.of(wait).filter(d -> !d.isZero()),
        usage.usage(),
        error.detail(status));
  }

  /** Whether {@code code} has a meaning of its own here. */
  static boolean isKnown(int code) {
    return byCode(code) != null || code == 2500;
  }

  private static UpstreamError meaning(GraphError error, int status, boolean named) {
    UpstreamError byCode = byCode(error.code());
    if (byCode != null && byCode.isThrottle()) {
      return byCode;
    }
    if (error.isTransient()) {
      return TRANSIENT; // before all that would pause a Page or write a negative
    }
    if (error.says("appsecret_proof")) {
      return TOKEN; // comes as 100, an invalid parameter, but no id is at fault
    }
    if (byCode == TRANSIENT) {
      // 1 also says that the answer would be too big: the same list would fail again.
      return error.says("reduce the amount of data") ? TOO_MANY_IDS : TRANSIENT;
    }
    if (byCode == IDS_UNLISTED) {
      return invalidParameter(error, named);
    }
    return byCode != null ? byCode : unknown(error, status, named);
  }

  private static UpstreamError invalidParameter(GraphError error, boolean named) {
    if (error.code() == 100 && error.subcode() == 33) {
      return TRANSIENT; // "does not exist, or missing permissions, or ..." says nothing of an id
    }
    if (named) {
      return IDS_LISTED;
    }
    if (tooMany(error)) {
      return TOO_MANY_IDS;
    }
    return error.says("page access token") ? TOKEN : IDS_UNLISTED;
  }

  /**
   * No number of this API is documented, so an unknown code is read by its words. What says nothing
   * either is {@link UpstreamError#TRANSIENT}: tries are capped, while any other reading would
   * pause a Page, close the window or blame ids without evidence.
   */
  private static UpstreamError unknown(GraphError error, int status, boolean named) {
    if (error.says("page request limit", "calls to this page")) {
      return THROTTLED_PAGE;
    }
    if (error.says("rate limit", "request limit", "limit reached", "too many calls")) {
      return THROTTLED_APP;
    }
    if (named) {
      return IDS_LISTED;
    }
    if (tooMany(error)) {
      return TOO_MANY_IDS;
    }
    if (error.says("access token")) {
      return TOKEN;
    }
    if (error.says("unknown path", "deprecated")) {
      return RETIRED;
    }
    if (error.says("permission", "not allowed", "capability")) {
      return PERMISSION;
    }
    return status == TOO_MANY_REQUESTS ? THROTTLED_APP : TRANSIENT;
  }

  private static boolean tooMany(GraphError error) {
    return error.says("maximum limit of", "more than 200", "too many ids", "too many user");
  }

  private static @Nullable UpstreamError byCode(int code) {
    if (code >= 80_000 && code <= 80_014) {
      return THROTTLED_PAGE;
    }
    if (code >= 200 && code <= 299) {
      return code == 210 ? TOKEN : PERMISSION;
    }
    return switch (code) {
      case 4, 17, 341, 368, 613 -> THROTTLED_APP;
      case 32 -> THROTTLED_PAGE;
      case 1, 2, 1150 -> TRANSIENT;
      case 101, 102, 104, 190 -> TOKEN;
      case 3, 5, 10 -> PERMISSION;
      case 12 -> RETIRED;
      case 105 -> TOO_MANY_IDS;
      case 100, 110, 114, 803 -> IDS_UNLISTED;
      default -> null;
    };
  }
}
