package org.psidgateway.api.mapping;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.Verdict;

/** One known answer as JSON. */
final class MappingJson {
  private static final int BYTES_PER_MAPPING = 200;
  private static final byte[] ASID = JsonBytes.constant("{\"asid\":");
  private static final byte[] PSID = JsonBytes.constant(",\"psid\":");
  private static final byte[] NULL = JsonBytes.constant("null");
  private static final byte[] STATUS = JsonBytes.constant(",\"status\":");
  private static final byte[] SOURCE = JsonBytes.constant(",\"source\":");
  private static final byte[] RESOLVED_AT = JsonBytes.constant(",\"resolved_at\":");
  private static final byte[] CHECKED_AT = JsonBytes.constant(",\"checked_at\":");
  private static final byte[] ITEMS = JsonBytes.constant("{\"items\":[");
  private static final byte[] NEXT_CURSOR = JsonBytes.constant(",\"next_cursor\":");

  private MappingJson() {}

  static Buffer one(Mapping mapping) {
    JsonBytes json = new JsonBytes(BYTES_PER_MAPPING);
    write(mapping, json);
    return json.toBuffer();
  }

  static Buffer items(List<Mapping> mappings) {
    return list(mappings).raw('}').toBuffer();
  }

  /** One page of a listing; {@code next} is null on the last. */
  static Buffer page(List<Mapping> mappings, @Nullable String next) {
    JsonBytes json = list(mappings).raw(NEXT_CURSOR);
    if (next == null) {
      json.raw(NULL);
    } else {
      json.string(next);
    }
    return json.raw('}').toBuffer();
  }

  private static JsonBytes list(List<Mapping> mappings) {
    JsonBytes json = new JsonBytes(100 + mappings.size() * BYTES_PER_MAPPING);
    json.raw(ITEMS);
    for (int i = 0; i < mappings.size(); i++) {
      if (i > 0) {
        json.raw(',');
      }
      write(mappings.get(i), json);
    }
    return json.raw(']');
  }

  private static void write(Mapping mapping, JsonBytes json) {
    Fate fate = Verdict.fate(mapping.verdict());
    json.raw(ASID).id(mapping.asid()).raw(PSID);
    if (Verdict.isPsid(mapping.verdict())) {
      json.id(mapping.verdict());
    } else {
      json.raw(NULL);
    }
    json.raw(STATUS).string(fate.status().wireName());
    json.raw(SOURCE).string(mapping.source().wireName());
    json.raw(RESOLVED_AT).string(mapping.resolvedAt().toString());
    json.raw(CHECKED_AT).string(mapping.checkedAt().toString()).raw('}');
  }
}
