package org.psidgateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.upstream.BatchReply.Operation;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;

/**
 * Gathers what the operations of one batch were answered. An id that nothing certain is said about
 * stands nowhere, and is asked again.
 */
final class BatchAnswer {
  private static final int OK = 200;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int FIRST_SERVER_ERROR = 500;

  /** Of these, whatever is said of tokens besides; 210 also says that a person is not visible. */
  private static final Set<Integer> ABOUT_THE_ID = Set.of(100, 110, 114, 210, 803);

  /** What concerns every call, the gravest first: one of them is reported. */
  private static final List<UpstreamError> STOPS =
      List.of(
          UpstreamError.APP_SECRET,
          UpstreamError.THROTTLED_APP,
          UpstreamError.RETIRED,
          UpstreamError.MISADDRESSED,
          UpstreamError.PERMISSION,
          UpstreamError.TRANSIENT);

  private final List<Match> matches = new ArrayList<>();
  private final List<Long> complete = new ArrayList<>();
  private final Map<Long, String> further = new LinkedHashMap<>();
  private final List<Long> missing = new ArrayList<>();
  private final List<Long> refused = new ArrayList<>();
  private final List<Long> denied = new ArrayList<>();
  private final List<Long> unproven = new ArrayList<>();
  private int returned;
  private int answered;
  private int unsupported;
  private int throttled;

  /** Whether something hints at a trouble in which a "does not exist" may be said of anybody. */
  private boolean troubled;

  private @Nullable UpstreamError stop;
  private String detail = "";
  private String denial = "";
  private String disproof = "";

  /**
   * Takes the answer to the operation about {@code asid}.
   *
   * @param from the cursor that was asked with
   */
  void add(long asid, Operation operation, Optional<String> from) {
    JsonNode body = operation.body();
    if (operation.status() != OK || body.hasNonNull("error") || !body.has("data")) {
      failed(asid, operation);
      return;
    }
    IdsForPages pages = IdsForPages.read(asid, body, from);
    matches.addAll(pages.matches());
    returned += pages.returned();
    if (pages.complete()) {
      complete.add(asid);
    } else {
      pages.after().ifPresent(cursor -> further.put(asid, cursor));
    }
    if (pages.complete() || pages.after().isPresent() || pages.hasRows()) {
      answered++;
    } else {
      troubled = true;
    }
  }

  private void failed(long asid, Operation operation) {
    int status = operation.status();
    GraphError error = GraphError.in(operation.body(), status);
    switch (meaning(error, status)) {
      case THROTTLED_APP, THROTTLED_PAGE -> {
        throttled++;
        troubled = true;
        stop(UpstreamError.THROTTLED_APP, detail(error, status));
      }
      case APP_SECRET, TOKEN -> {
        unproven.add(asid);
        disproof = detail(error, status);
      }
      case RETIRED -> stop(UpstreamError.RETIRED, detail(error, status));
      case MISADDRESSED -> stop(UpstreamError.MISADDRESSED, detail(error, status));
      case PERMISSION -> {
        troubled = true;
        denied.add(asid);
        denial = detail(error, status);
      }
      case IDS_LISTED, IDS_UNLISTED, TOO_MANY_IDS -> refused.add(asid);
      case TRANSIENT -> unanswered(asid, error, status);
    }
  }

  private static UpstreamError meaning(@Nullable GraphError error, int status) {
    if (status == TOO_MANY_REQUESTS) {
      return UpstreamError.THROTTLED_APP;
    }
    if (error == null) {
      return UpstreamError.TRANSIENT;
    }
    UpstreamError meaning = ErrorClassifier.meaningToApp(error, status);
    boolean tooMuch = meaning == UpstreamError.TOO_MANY_IDS && error.code() == 1;
    if (status >= FIRST_SERVER_ERROR && !isStop(meaning) || tooMuch) {
      return UpstreamError.TRANSIENT; // nothing about the id, nor about what the app may do
    }
    return meaning == UpstreamError.TOKEN && ABOUT_THE_ID.contains(error.code())
        ? UpstreamError.IDS_UNLISTED
        : meaning;
  }

  private static boolean isStop(UpstreamError meaning) {
    return STOPS.indexOf(meaning) >= 0
        && meaning != UpstreamError.PERMISSION
        && meaning != UpstreamError.TRANSIENT;
  }

  private void unanswered(long asid, @Nullable GraphError error, int status) {
    if (error == null
        || error.isTransient()
        || status >= FIRST_SERVER_ERROR
        || !NamedObject.isUnsupported(error)) {
      troubled = true;
      return;
    }
    unsupported++;
    if (NamedObject.saysThatItIsMissing(error, asid)) {
      missing.add(asid);
    }
  }

  private void stop(UpstreamError meaning, String from) {
    if (stop == null || STOPS.indexOf(meaning) < STOPS.indexOf(stop)) {
      stop = meaning;
      detail = from;
    }
  }

  private static String detail(@Nullable GraphError error, int status) {
    return error == null ? "status=" + status : error.detail(status);
  }

  /** How many operations were throttled. */
  int throttled() {
    return throttled;
  }

  /** What came of it; ask once, after all operations were added. */
  Matched outcome(UsageHeaders usage, MissingEvidence evidence) {
    // What the app may do for others, it may do; and a token that others accept is good.
    concern(unproven, answered > 0, UpstreamError.APP_SECRET, disproof);
    concern(denied, answered > 0 || evidence.answeredLately(), UpstreamError.PERMISSION, denial);
    if (stop == null && answered + unsupported + refused.size() == 0) {
      stop(UpstreamError.TRANSIENT, "no operation was answered");
    }
    boolean believed = evidence.believes(answered, unsupported, troubled || usage.isHigh());
    return new Matched(
        List.copyOf(matches),
        array(complete),
        Map.copyOf(further),
        believed ? array(missing) : new long[0],
        array(refused),
        returned,
        Optional.ofNullable(stop).map(meaning -> refusal(meaning, usage)),
        usage.usage());
  }

  private void concern(List<Long> ids, boolean theirsAlone, UpstreamError meaning, String from) {
    if (theirsAlone) {
      refused.addAll(ids);
    } else if (!ids.isEmpty()) {
      stop(meaning, from);
    }
  }

  private Refused refusal(UpstreamError meaning, UsageHeaders usage) {
    return ErrorClassifier.refused(meaning, usage, detail);
  }

  private static long[] array(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
