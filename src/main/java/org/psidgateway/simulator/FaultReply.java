package org.psidgateway.simulator;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** How a fault changes the answer to a call. */
final class FaultReply {
  private static final String SORRY =
      "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>";

  private FaultReply() {}

  /**
   * The answer of a fault that strikes before anything is done.
   *
   * @param object the object that an error names as missing
   */
  static Reply instead(Fault fault, Settings settings, String object) {
    String name = name(fault);
    return switch (fault.kind()) {
      case HANG, RESET -> Reply.of(name, 0, 200, Reply.GRAPH_JSON, "");
      case BAD_GATEWAY -> Reply.of(name, 0, 502, "text/html; charset=utf-8", SORRY);
      case UNAVAILABLE -> unexpected(name).with("is_transient", true).reply(settings);
      case SERVER_ERROR -> unexpected(name).reply(settings);
      case UNKNOWN_ERROR ->
          ErrorBody.oauth(name, 1, "An unknown error has occurred.").reply(settings);
      case UNKNOWN_1150 ->
          ErrorBody.oauth(name, 1150, "An unknown error occurred.").reply(settings);
      case UNSUPPORTED_REQUEST -> unsupported(name).reply(settings);
      case NO_SUCH_OBJECT -> noSuchObject(name, "get", object).reply(settings);
      case BATCH_REFUSED -> batchRefused(name, settings.maxOperations).reply(settings);
      case ERROR ->
          new ErrorBody(name, Objects.requireNonNullElse(fault.error(), Map.of()))
              .status(Objects.requireNonNullElse(fault.status(), 400))
              .reply(settings);
      case SLOW, HANG_AFTER_ACTING, LOSE_REPLY, EMPTY_BODY, TRUNCATED_BODY ->
          throw new IllegalArgumentException(name + " acts");
    };
  }

  /** What such a fault leaves of a finished answer. */
  static Reply spoil(Fault fault, Reply reply) {
    String name = name(fault);
    return switch (fault.kind()) {
      case EMPTY_BODY -> reply.spoilt(name, 200, "");
      case TRUNCATED_BODY ->
          reply.spoilt(name, reply.status(), reply.body().substring(0, reply.body().length() / 2));
      default -> reply.spoilt(name, reply.status(), reply.body());
    };
  }

  /** Does not say what is missing: the path, an id or a permission. */
  private static ErrorBody unsupported(String outcome) {
    return missing(
        outcome,
        "Unsupported post request. Please read the Graph API documentation at"
            + " https://developers.facebook.com/docs/graph-api");
  }

  /** An id, or a path that is taken for one. */
  static ErrorBody noSuchObject(String outcome, String method, String object) {
    return missing(
        outcome,
        "Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
            .formatted(method, object));
  }

  /** Graph gives no code with it. */
  static ErrorBody batchRefused(String outcome, int most) {
    return new ErrorBody(
        outcome,
        Map.of(
            "message",
            "Too many requests in batch message. Maximum batch size is " + most,
            "type",
            "GraphBatchException"));
  }

  private static ErrorBody missing(String outcome, String message) {
    return ErrorBody.typed(outcome, 100, "GraphMethodException", message).with("error_subcode", 33);
  }

  private static ErrorBody unexpected(String outcome) {
    return ErrorBody.oauth(
        outcome, 2, "An unexpected error has occurred. Please retry your request later.");
  }

  private static String name(Fault fault) {
    return fault.kind().name().toLowerCase(Locale.ROOT);
  }
}
