package org.psidgateway.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Script and witness for another process.
 *
 * <ul>
 *   <li>{@code GET /simulator/witness}: totals; with {@code ?ids=true} also each id, with {@code
 *       ?calls=true} each call, with {@code ?operations=true} each operation of ID Matching
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
      case "GET /simulator/witness" -> json(200, WitnessJson.of(witness, query));
      case "DELETE /simulator/witness" -> {
        witness.reset();
        yield json(200, WitnessJson.of(witness, ""));
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

  private static Reply problem(int status, String detail) {
    return json(status, GraphJson.MAPPER.createObjectNode().put("error", detail));
  }

  private static Reply json(int status, ObjectNode body) {
    return Reply.of("control", 0, status, "application/json", GraphJson.write(body));
  }
}
