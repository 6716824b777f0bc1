package org.psidgateway.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Script and witness for another process.
 *
 * <ul>
 *   <li>{@code GET /simulator/witness}: totals; with {@code ?ids=true} also each id, with {@code
 *       ?calls=true} each call
 *   <li>{@code DELETE /simulator/witness}: forgets every call
 *   <li>{@code GET}, {@code PUT /simulator/script}: see {@link SimulatorScript}
 * </ul>
 */
final class ControlApi {
  private final SimulatorScript script;
  private final Witness witness;

  ControlApi(SimulatorScript script, Witness witness) {
    this.script = script;
    this.witness = witness;
  }

  Reply serve(String method, String path, String query, byte[] body) {
    return switch (method + " " + path) {
      case "GET /simulator/witness" -> json(200, witness(query));
      case "DELETE /simulator/witness" -> {
        witness.reset();
        yield json(200, witness(""));
      }
      case "GET /simulator/script" -> json(200, script());
      case "PUT /simulator/script" -> change(body);
      default -> problem(404, "there is no " + method + " " + path);
    };
  }

  private Reply change(byte[] body) {
    try {
      script.apply(body);
      return json(200, script());
    } catch (UnrecognizedPropertyException e) {
      return problem(400, "unknown field " + path(e));
    } catch (JsonMappingException e) {
      // Jackson's own message may repeat a secret.
      Throwable cause = e.getCause();
      String why = cause instanceof IllegalArgumentException ? ": " + cause.getMessage() : "";
      return problem(400, "no value for field " + path(e) + why);
    } catch (JacksonException e) {
      return problem(400, "the body is not JSON");
    } catch (IOException | IllegalArgumentException e) {
      return problem(400, String.valueOf(e.getMessage()));
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
        .collect(Collectors.joining("."));
  }

  private ObjectNode script() {
    SimulatorScript.Settings settings = script.settings();
    ObjectNode shown = GraphJson.MAPPER.valueToTree(settings);
    shown.remove("app_secret");
    shown.put("broken_tokens", settings.brokenTokens.size());
    shown.put("other_tokens", settings.otherTokens.size());
    shown.set("pages", GraphJson.MAPPER.valueToTree(settings.pages.keySet()));
    return shown;
  }

  private ObjectNode witness(String query) {
    var calls = witness.calls();
    ObjectNode shown = GraphJson.MAPPER.createObjectNode();
    shown.put("calls", calls.size());
    shown.put("conversions", witness.conversions());
    shown.put("max_times_converted", witness.maxTimesConverted());
    shown.set("outcomes", GraphJson.MAPPER.valueToTree(witness.outcomes()));
    if (query.contains("calls=true")) {
      ArrayNode log = shown.putArray("log");
      for (Witness.Call call : calls) {
        log.addObject()
            .put("arrived_millis", call.arrivedMillis())
            .put("arrived_nanos", call.arrivedNanos())
            .put("page", Long.toString(call.page()))
            .put("asked", call.asked().length)
            .put("outcome", call.outcome())
            .put("code", call.code())
            .put("returned", call.returned().length);
      }
    }
    if (query.contains("ids=true")) {
      ids(shown.putArray("ids"), calls);
    }
    return shown;
  }

  private static void ids(ArrayNode into, Iterable<Witness.Call> calls) {
    Map<Long, Map<Long, int[]>> byPage = new TreeMap<>();
    for (Witness.Call call : calls) {
      Map<Long, int[]> counts = byPage.computeIfAbsent(call.page(), page -> new HashMap<>());
      for (long asid : call.asked()) {
        counts.computeIfAbsent(asid, id -> new int[2])[0]++;
      }
      for (long asid : call.converted()) {
        counts.computeIfAbsent(asid, id -> new int[2])[1]++;
      }
    }
    byPage.forEach(
        (page, counts) ->
            counts.forEach(
                (asid, count) ->
                    into.addObject()
                        .put("page", page.toString())
                        .put("asid", asid.toString())
                        .put("asked", count[0])
                        .put("converted", count[1])));
  }

  private static Reply problem(int status, String detail) {
    return json(status, GraphJson.MAPPER.createObjectNode().put("error", detail));
  }

  private static Reply json(int status, ObjectNode body) {
    return Reply.of("control", 0, status, "application/json", GraphJson.write(body));
  }
}
