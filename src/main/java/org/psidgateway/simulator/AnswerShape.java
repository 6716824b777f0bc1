package org.psidgateway.simulator;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.EmptyStyle;
import org.psidgateway.simulator.SimulatorScript.PsidStyle;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Writes answers and lists of invalid ids in the shape that the script asks for. */
final class AnswerShape {
  private AnswerShape() {}

  static String answer(Settings settings, long[] asids, long[] psids) {
    StringBuilder json = new StringBuilder(32 + asids.length * 56);
    if (settings.dataWrapper) {
      json.append("{\"data\":");
    }
    if (asids.length == 0 && settings.emptyStyle == EmptyStyle.LIST) {
      json.append("[]");
    } else {
      json.append('{');
      for (int i = 0; i < asids.length; i++) {
        json.append(i == 0 ? "\"" : ",\"").append(asids[i]).append("\":");
        value(settings, psids[i], json);
      }
      if (settings.extraKeys) {
        json.append(asids.length == 0 ? "" : ",").append("\"__debug__\":{\"messages\":[]}");
      }
      json.append('}');
    }
    return json.append(settings.dataWrapper ? "}" : "").toString();
  }

  private static void value(Settings settings, long psid, StringBuilder json) {
    String quote = settings.psidNumbers ? "" : "\"";
    boolean object = settings.psidStyle == PsidStyle.OBJECT;
    json.append(object ? "{\"id\":" : "").append(quote).append(psid).append(quote);
    if (object) {
      json.append(settings.extraKeys ? ",\"name\":\"A Person\"}" : "}");
    }
  }

  /** The {@code error_data} that lists {@code ids}; null if there is none. */
  static @Nullable Object errorData(Settings settings, List<String> ids, @Nullable String asked) {
    Map<String, Object> object = Map.of(settings.errorDataKey, ids);
    return switch (settings.errorDataStyle) {
      case JSON_STRING -> GraphJson.write(object);
      case OBJECT -> object;
      case LIST -> ids;
      case COMMA_STRING -> String.join(",", ids);
      case ECHO -> Map.of("user_ids", String.valueOf(asked));
      case ABSENT -> null;
    };
  }
}
