package org.psidgateway.api.door;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The errors of the door, as the Graph API has them: of several that apply, the first counts. */
enum GraphError {
  TOKEN_MISSING(400, 104, "An access token is required to request this resource."),
  TOKEN_REFUSED(400, 190, "Invalid OAuth access token."),
  PROOF_MISSING(400, 100, "API calls from the server require an appsecret_proof argument"),
  PROOF_WRONG(400, 100, "Invalid appsecret_proof provided in the API argument"),
  UNREADABLE(400, 100, "(#100) Invalid parameter: send each once, as form, query or JSON object"),
  IDS_MISSING(400, 100, "(#100) The parameter user_ids is required"),
  TOO_MANY_IDS(400, 105, "(#105) The number of user_ids exceeds the maximum of 200"),
  IDS_INVALID(400, 100, "(#100) Invalid user_ids, listed in error_data"),
  WINDOW_CLOSED(400, 12, "(#12) pages_id_mapping is closed: only ids known before are answered"),
  FORBIDDEN(403, 10, "(#10) Application does not have permission for this action"),
  QUOTA_EXHAUSTED(403, 4, "(#4) Application request limit reached: the quota is exhausted"),
  THROTTLED(403, 4, "(#4) Application request limit reached"),
  NOT_READY(500, 2, "An unexpected error has occurred. Please retry your request later.");

  private static final String OAUTH = "OAuthException";
  private static final String METHOD = "GraphMethodException";

  private final int status;
  private final int code;
  private final String message;

  GraphError(int status, int code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  /** Whether the same request may succeed soon. */
  boolean isTransient() {
    return this == THROTTLED || this == NOT_READY;
  }

  /**
   * The answer.
   *
   * @param traceId what support would ask for
   */
  Buffer body(List<String> invalidIds, String traceId) {
    JsonObject error = object(type(), message, code, isTransient(), traceId);
    if (!invalidIds.isEmpty()) {
      error.put("error_data", new JsonObject().put("invalid_ids", new JsonArray(invalidIds)));
    }
    return new JsonObject().put("error", error).toBuffer();
  }

  /** A refusal that the Graph API would not make, in its form. */
  static Buffer unlisted(String message, String traceId) {
    JsonObject error = object(METHOD, "(#100) " + message, UNREADABLE.code, false, traceId);
    return new JsonObject().put("error", error).toBuffer();
  }

  private static JsonObject object(
      String type, String message, int code, boolean isTransient, String traceId) {
    return new JsonObject()
        .put("message", message)
        .put("type", type)
        .put("code", code)
        .put("is_transient", isTransient)
        .put("fbtrace_id", traceId);
  }

  private String type() {
    return this == PROOF_MISSING || this == PROOF_WRONG ? METHOD : OAUTH;
  }
}
