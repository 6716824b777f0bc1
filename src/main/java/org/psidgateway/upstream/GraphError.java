package org.psidgateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Graph error object, every field of which may be absent.
 *
 * @param code {@link #ABSENT} if there is none
 * @param subcode {@link #ABSENT} if there is none
 * @param message in lower case, for keywords; may carry ids, so it goes no further
 * @param data {@code error_data} in whatever form it came
 */
record GraphError(
    int code,
    int subcode,
    boolean isTransient,
    String type,
    String message,
    String trace,
    JsonNode data) {

  static final int ABSENT = -1;

  private static final Pattern CODE = Pattern.compile("\\d{1,7}");
  private static final Pattern TYPE = Pattern.compile("[A-Za-z_]{1,40}");
  private static final Pattern TRACE = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9_+/=-]{1,40}");

  /**
   * The error that stands under {@code error}, or null if it does not look like Graph's own. A
   * gateway in between may have cut off an answer that was paid for and put an error of its own
   * there: such errors echo the HTTP status as their code and know no type and no trace.
   */
  static @Nullable GraphError nested(JsonNode node, int status) {
    if (!node.isObject()) {
      return null;
    }
    GraphError error = read(node, "code", "message");
    boolean graphs = !error.type.isEmpty() || !error.trace.isEmpty();
    boolean plain =
        error.code != ABSENT && error.code != status && node.path("message").isTextual();
    return graphs || plain ? error : null;
  }

  /**
   * The error whose fields stand at the top of the body, as old services answered, or null. {@code
   * code} and {@code message} are such common names that only a code of Graph's counts.
   */
  static @Nullable GraphError legacy(JsonNode body, int status) {
    if (body.path("error_msg").isTextual()) {
      GraphError error = read(body, "error_code", "error_msg");
      return error.code == ABSENT ? null : error;
    }
    if (body.path("message").isTextual()) {
      GraphError error = read(body, "code", "message");
      return error.code != status && ErrorClassifier.isKnown(error.code) ? error : null;
    }
    return null;
  }

  /** The error in a body, of either form, or null. */
  static @Nullable GraphError in(JsonNode body, int status) {
    JsonNode error = body.path("error");
    return error.isMissingNode() ? legacy(body, status) : nested(error, status);
  }

  /** Whether a batch holds more operations than Graph takes: it says so without a code. */
  boolean isBatchTooLong() {
    return code == ABSENT && type.equals("GraphBatchException");
  }

  private static GraphError read(JsonNode node, String code, String message) {
    JsonNode subcode =
        node.has("error_subcode") ? node.path("error_subcode") : node.path("subcode");
    return new GraphError(
        number(node.path(code)),
        number(subcode),
        node.path("is_transient").asBoolean(false),
        text(node.path("type")),
        text(node.path(message)).toLowerCase(Locale.ROOT),
        text(node.path("fbtrace_id")),
        node.has("error_data") ? node.path("error_data") : MissingNode.getInstance());
  }

  /** For the log: nothing but what has the form of a code, a type or a trace. */
  String detail(int status) {
    StringBuilder detail = new StringBuilder("status=").append(status);
    if (code != ABSENT) {
      detail.append(" code=").append(code);
    }
    if (subcode != ABSENT) {
      detail.append(" subcode=").append(subcode);
    }
    if (TYPE.matcher(type).matches()) {
      detail.append(" type=").append(type);
    }
    if (TRACE.matcher(trace).matches()) {
      detail.append(" fbtrace_id=").append(trace);
    }
    return detail.toString();
  }

  boolean says(String... keywords) {
    for (String keyword : keywords) {
      if (message.contains(keyword)) {
        return true;
      }
    }
    return false;
  }

  private static String text(JsonNode node) {
    return node.isTextual() ? node.asText() : "";
  }

  /** Codes have at most seven digits: anything longer may be an id that got into the field. */
  private static int number(JsonNode node) {
    String text = node.isIntegralNumber() || node.isTextual() ? node.asText().strip() : "";
    return CODE.matcher(text).matches() ? Integer.parseInt(text) : ABSENT;
  }
}
