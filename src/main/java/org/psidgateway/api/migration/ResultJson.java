package org.psidgateway.api.migration;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.mapping.JsonBytes;
import org.psidgateway.migration.result.Results.Result;

/** A page of results as JSON. */
final class ResultJson {
  private static final int BYTES_PER_RESULT = 150;
  private static final byte[] ITEMS = JsonBytes.constant("{\"items\":[");
  private static final byte[] LINE = JsonBytes.constant("{\"line\":");
  private static final byte[] ASID = JsonBytes.constant(",\"asid\":");
  private static final byte[] PSID = JsonBytes.constant(",\"psid\":");
  private static final byte[] STATUS = JsonBytes.constant(",\"status\":");
  private static final byte[] REASON = JsonBytes.constant(",\"reason\":");
  private static final byte[] NEXT_CURSOR = JsonBytes.constant("],\"next_cursor\":");
  private static final byte[] NULL = JsonBytes.constant("null");

  private ResultJson() {}

  /** {@code next} is null on the last one. */
  static Buffer page(List<Result> results, @Nullable String next) {
    JsonBytes json = new JsonBytes(100 + results.size() * BYTES_PER_RESULT);
    json.raw(ITEMS);
    for (int i = 0; i < results.size(); i++) {
      if (i > 0) {
        json.raw(',');
      }
      write(results.get(i), json);
    }
    json.raw(NEXT_CURSOR);
    text(next, json);
    return json.raw('}').toBuffer();
  }

  private static void write(Result result, JsonBytes json) {
    json.raw(LINE).number(result.line());
    id(result.asid(), json.raw(ASID));
    id(result.psid(), json.raw(PSID));
    json.raw(STATUS).string(result.status());
    text(result.reason(), json.raw(REASON));
    json.raw('}');
  }

  private static void id(long id, JsonBytes json) {
    if (id == 0) {
      json.raw(NULL);
    } else {
      json.id(id);
    }
  }

  private static void text(@Nullable String text, JsonBytes json) {
    if (text == null) {
      json.raw(NULL);
    } else {
      json.string(text);
    }
  }
}
