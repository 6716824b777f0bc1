package org.psidgateway.simulator;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.Mode;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Why a call is refused, as Graph words it. */
final class Refusals {
  private Refusals() {}

  /** {@code good}: whether the token is one that the endpoint takes. */
  static Optional<ErrorBody> ofToken(Settings settings, @Nullable String token, boolean good) {
    if (token == null) {
      String message = "An access token is required to request this resource.";
      return Optional.of(ErrorBody.oauth("token_missing", 104, message));
    }
    Integer subcode = settings.brokenTokens.get(token);
    if (subcode != null) {
      return Optional.of(broken(subcode));
    }
    if (good) {
      return Optional.empty();
    }
    if (settings.otherTokens.contains(token)) {
      return Optional.of(notPageToken(settings));
    }
    String message = "Invalid OAuth access token - Cannot parse access token";
    return Optional.of(
        ErrorBody.oauth("token_invalid", 190, message)
            .with("error_subcode", settings.unknownTokenSubcode));
  }

  /** Takes tokens of all kinds. */
  static Optional<ErrorBody> ofAnyToken(Settings settings, @Nullable String token) {
    boolean known =
        Tokens.page(settings, token) > 0
            || Tokens.isApp(settings, token)
            || settings.otherTokens.contains(String.valueOf(token));
    return ofToken(settings, token, known);
  }

  static ErrorBody notPageToken(Settings settings) {
    String message = "A page access token is required to request this resource.";
    return ErrorBody.numbered("not_page_token", settings.notPageTokenCode, message);
  }

  static ErrorBody notAllowed(Settings settings) {
    String message = "Application does not have permission for this action";
    return ErrorBody.numbered("not_allowed", settings.notAllowedCode, message);
  }

  private static ErrorBody broken(int subcode) {
    String message =
        subcode == 460
            ? "Error validating access token: The session has been invalidated because the user"
                + " changed their password or Facebook has changed the session for security"
                + " reasons."
            : "Error validating access token: Session has expired.";
    return ErrorBody.oauth("token_invalid", 190, message)
        .with("error_subcode", subcode == 0 ? null : subcode);
  }

  static Optional<ErrorBody> ofProof(
      Settings settings, GraphRequest request, String token, Instant now) {
    return ProofCheck.complaint(settings, request, token, now)
        .map(text -> ErrorBody.typed("proof", 100, "GraphMethodException", text));
  }

  /** That the API, or the version of it, is gone; empty while it is there. */
  static Optional<ErrorBody> ofPath(Mode mode) {
    String retired = "retired";
    return switch (mode) {
      case OPEN, NOT_ALLOWED -> Optional.empty();
      case RETIRED ->
          Optional.of(
              ErrorBody.numbered(
                  retired, 12, "pages_id_mapping is deprecated for versions v7.0 and higher"));
      case RETIRED_PATH -> Optional.of(unknownPath(retired, "/pages_id_mapping"));
      case RETIRED_ALIAS ->
          Optional.of(
              ErrorBody.numbered(
                  retired,
                  803,
                  "Some of the aliases you requested do not exist: v6.0pages_id_mapping"));
      case RETIRED_OBJECT ->
          Optional.of(FaultReply.noSuchObject(retired, "post", "pages_id_mapping"));
      case RETIRED_VERSION ->
          Optional.of(
              ErrorBody.numbered(
                  retired,
                  2635,
                  "You are calling a deprecated version of the API. Please update to the latest"
                      + " version: v26.0."));
    };
  }

  /** Also if the API is not open to this app, which Graph says before it looks at the ids. */
  static Optional<ErrorBody> ofIds(Settings settings, GraphRequest request, AskedIds ids) {
    if (settings.mode == Mode.NOT_ALLOWED) {
      return Optional.of(notAllowed(settings));
    }
    if (ids.count() == 0) {
      return Optional.of(ErrorBody.numbered("no_ids", 100, "The parameter user_ids is required"));
    }
    if (ids.count() > settings.maxIds) {
      String message = "Too many user_ids: the maximum is " + settings.maxIds;
      return Optional.of(ErrorBody.numbered("too_many_ids", settings.tooManyIdsCode, message));
    }
    if (ids.invalid().isEmpty() || request.ignoreInvalidIds()) {
      return Optional.empty();
    }
    return Optional.of(
        ErrorBody.numbered("invalid_ids", settings.invalidIdsCode, "Invalid user_ids")
            .with(
                "error_data",
                AnswerShape.errorData(settings, ids.invalid(), request.get("user_ids"))));
  }

  static ErrorBody throttled(String outcome, int code) {
    String message =
        switch (code) {
          case 4, 341 -> "Application request limit reached";
          case 17 -> "User request limit reached";
          case 32 -> "Page request limit reached";
          case 368 -> "The action attempted has been deemed abusive or is otherwise disallowed";
          case 613 -> "Calls to this api have exceeded the rate limit.";
          default ->
              "There have been too many calls to this Page account. Wait a bit and try again.";
        };
    return ErrorBody.numbered(outcome, code, message)
        .with("is_transient", code == 4 ? Boolean.TRUE : null);
  }

  static ErrorBody unknownPath(String outcome, String path) {
    return ErrorBody.oauth(outcome, 2500, "Unknown path components: " + path);
  }
}
