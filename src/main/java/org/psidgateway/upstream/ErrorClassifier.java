package org.psidgateway.upstream;

import static org.psidgateway.upstream.UpstreamError.APP_SECRET;
import static org.psidgateway.upstream.UpstreamError.IDS_LISTED;
import static org.psidgateway.upstream.UpstreamError.IDS_UNLISTED;
import static org.psidgateway.upstream.UpstreamError.MISADDRESSED;
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
import org.psidgateway.model.Findings;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;

/**
 * Decides what an error means: by its code, its subcode, {@code is_transient} and words of its
 * message, in this order; the HTTP status comes last, since Graph uses any for anything.
 */
final class ErrorClassifier {
  private static final long[] NOBODY = {};
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int BLOCKED_FOR_ABUSE = 368;

  /**
   * The app could not prove who it is. The code is 100 (an invalid parameter) or 190 (a token), but
   * neither an id nor a Page's token is at fault.
   */
  private static final String[] UNPROVEN = {
    "appsecret_proof",
    "appsecret_time",
    "error validating application",
    "error validating client secret"
  };

  private ErrorClassifier() {}

  static Refused classify(GraphError error, int status, long[] asked, UsageHeaders usage) {
    long[] named = ListedIds.read(error.data(), asked);
    UpstreamError meaning = meaning(error, status, named.length > 0);
    if (meaning == THROTTLED_APP && error.code() != BLOCKED_FOR_ABUSE) {
      meaning = whose(usage);
    }
    return refused(meaning, meaning == IDS_LISTED ? named : NOBODY, usage, error.detail(status));
  }

  /** What an error means in answer to a call that is made as the app, and not for a Page. */
  static Refused classifyAsApp(GraphError error, int status, UsageHeaders usage) {
    UpstreamError meaning = meaningToApp(error, status);
    if (meaning == THROTTLED_PAGE) {
      meaning = THROTTLED_APP; // there is no Page to hold back
    } else if (meaning == TOKEN) {
      meaning = APP_SECRET; // the app's token is made of its secret
    }
    return refused(meaning, usage, error.detail(status));
  }

  /** The same, before what is said of Pages and tokens is taken to be about the app. */
  static UpstreamError meaningToApp(GraphError error, int status) {
    return error.isBatchTooLong() ? TOO_MANY_IDS : meaning(error, status, false);
  }

  /**
   * What a status means without a Graph error; empty for a success. A 429, from Graph or from a
   * proxy before it, says that the request was not served, and that callers should stay away. No
   * other status proves that much: 403, 407, 413, 502, 503 and 504 also come from gateways that
   * lost an answer halfway.
   */
  static Optional<Outcome> byStatus(int status, UsageHeaders usage) {
    if (status == TOO_MANY_REQUESTS) {
      return Optional.of(refused(whose(usage), usage, "status=" + status));
    }
    return status < 200 || status > 299
        ? Optional.of(new Uncertain("http_" + status))
        : Optional.empty();
  }

  /** An error that names no id. */
  static Refused refused(UpstreamError meaning, UsageHeaders usage, String detail) {
    return refused(meaning, NOBODY, usage, detail);
  }

  /**
   * The codes of the app's limits also come when the headers show that a Page's limit is reached.
   */
  private static UpstreamError whose(UsageHeaders usage) {
    return usage.pointsAtPage() ? THROTTLED_PAGE : THROTTLED_APP;
  }

  private static Refused refused(
      UpstreamError meaning, long[] listed, UsageHeaders usage, String detail) {
    Duration wait =
        switch (meaning) {
          case THROTTLED_APP -> usage.regain();
          case THROTTLED_PAGE -> usage.regainOfPage();
          case TRANSIENT -> usage.retryAfter();
          default -> Duration.ZERO;
        };
    return new Refused(
        meaning,
        Findings.of(listed, Verdict.REJECTED),
        Optional.of(wait).filter(d -> !d.isZero()),
        usage.usage(),
        detail);
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
    if (byCode == APP_SECRET || error.says(UNPROVEN)) {
      return error.says("system error") ? TRANSIENT : APP_SECRET;
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
    if (NamedObject.isThePath(error)) {
      return MISADDRESSED;
    }
    if (NamedObject.isUnsupported(error)) {
      return TRANSIENT; // "does not exist, or missing permissions, or ..." says nothing about an id
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
   * No number of this API is documented, so an unknown code is read by its words. If they say
   * nothing either, it is {@link UpstreamError#TRANSIENT}: tries are capped, while any other
   * reading would pause a Page, close the window or blame ids without evidence.
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
    if (error.says("unknown path") || NamedObject.isThePath(error)) {
      return MISADDRESSED;
    }
    if (error.says("access token")) {
      return TOKEN;
    }
    if (error.says("deprecated")) {
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
      case 101 -> APP_SECRET;
      case 102, 104, 190 -> TOKEN;
      case 3, 5, 10 -> PERMISSION;
      case 12, 2635 -> RETIRED;
      case 105 -> TOO_MANY_IDS;
      case 100, 110, 114, 803 -> IDS_UNLISTED;
      default -> null;
    };
  }
}
