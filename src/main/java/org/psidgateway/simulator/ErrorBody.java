package org.psidgateway.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** A Graph error object in the making, with the status and headers that go with it. */
final class ErrorBody {
  private static final AtomicLong TRACES = new AtomicLong();

  private final String outcome;
  private final Map<String, Object> fields;
  private @Nullable Integer status;

  ErrorBody(String outcome, Map<String, Object> fields) {
    this.outcome = outcome;
    this.fields = new LinkedHashMap<>(fields);
  }

  static ErrorBody oauth(String outcome, int code, String message) {
    return typed(outcome, code, "OAuthException", message);
  }

  /** Like {@link #oauth}, with the code in front of the message, as for most codes. */
  static ErrorBody numbered(String outcome, int code, String message) {
    return oauth(outcome, code, "(#" + code + ") " + message);
  }

  static ErrorBody typed(String outcome, int code, String type, String message) {
    ErrorBody body = new ErrorBody(outcome, Map.of());
    return body.with("message", message).with("type", type).with("code", code);
  }

  ErrorBody with(String field, @Nullable Object value) {
    if (value != null) {
      fields.put(field, value);
    }
    return this;
  }

  ErrorBody status(int http) {
    status = http;
    return this;
  }

  Reply reply(Settings settings) {
    String trace = "A" + Long.toString(0x5DEECE66DL + TRACES.incrementAndGet() * 7919, 36);
    fields.putIfAbsent("fbtrace_id", trace);
    int code = fields.get("code") instanceof Number number ? number.intValue() : 0;
    int http = status == null ? settings.statuses.getOrDefault(code, usual(code)) : status;
    String text = String.valueOf(fields.get("message")).replaceAll("[^ -~]|\"", "'");
    return Reply.of(
            outcome,
            code,
            settings.errorsAsOk ? 200 : http,
            Reply.GRAPH_JSON,
            GraphJson.write(Map.of("error", fields)))
        .with(
            Map.of(
                "WWW-Authenticate",
                "OAuth \"Facebook Platform\" \"" + kind(code, http) + "\" \"" + text + "\"",
                "x-fb-trace-id",
                trace));
  }

  private static String kind(int code, int http) {
    if (code == 190) {
      return "invalid_token";
    }
    return http >= 500 || code == 1150 ? "unknown_error" : "invalid_request";
  }

  private static int usual(int code) {
    if (code == 1 || code == 2) {
      return 500;
    }
    return code == 4 || code == 10 || (code >= 200 && code < 300) ? 403 : 400;
  }
}
