package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The witness as another process sees it. */
final class WitnessJson {
  private WitnessJson() {}

  static ObjectNode of(Witness witness, String query) {
    var calls = witness.calls();
    var operations = witness.operations();
    ObjectNode shown = GraphJson.MAPPER.createObjectNode();
    shown.put("calls", calls.size());
    shown.put("operations", operations.size());
    shown.put("conversions", witness.conversions());
    shown.put("max_times_converted", witness.maxTimesConverted());
    shown.set("outcomes", GraphJson.MAPPER.valueToTree(witness.outcomes()));
    shown.set("operation_outcomes", GraphJson.MAPPER.valueToTree(witness.operationOutcomes()));
    if (query.contains("calls=true")) {
      ArrayNode log = shown.putArray("log");
      calls.forEach(call -> write(call, log.addObject()));
    }
    if (query.contains("operations=true")) {
      ArrayNode log = shown.putArray("operation_log");
      operations.forEach(operation -> write(operation, log.addObject()));
    }
    if (query.contains("ids=true")) {
      ids(shown.putArray("ids"), calls, operations);
    }
    return shown;
  }

  private static void write(Witness.Call call, ObjectNode into) {
    into.put("arrived_millis", call.arrivedMillis())
        .put("arrived_nanos", call.arrivedNanos())
        .put("page", Long.toString(call.page()))
        .put("asked", call.asked().length)
        .put("operations", call.operations())
        .put("outcome", call.outcome())
        .put("code", call.code())
        .put("returned", call.returned().length);
  }

  private static void write(Witness.Operation operation, ObjectNode into) {
    into.put("arrived_millis", operation.arrivedMillis())
        .put("arrived_nanos", operation.arrivedNanos())
        .put("index", operation.index())
        .put("edge", operation.edge())
        .put("id", Long.toString(operation.id()))
        .put("page", Long.toString(operation.page()))
        .put("after", operation.after())
        .put("outcome", operation.outcome())
        .put("code", operation.code());
    ObjectNode returned = into.putObject("returned");
    for (int i = 0; i < operation.pages().length; i++) {
      String page = Long.toString(operation.pages()[i]);
      returned.put(page, Long.toString(operation.returned()[i]));
    }
  }

  /** What was asked of all Pages at once is under Page 0; what was given is under its own Page. */
  private static void ids(
      ArrayNode into, Iterable<Witness.Call> calls, Iterable<Witness.Operation> operations) {
    Map<Long, Map<Long, int[]>> byPage = new TreeMap<>();
    for (Witness.Call call : calls) {
      for (long asid : call.asked()) {
        count(byPage, call.page(), asid)[0]++;
      }
      for (long asid : call.converted()) {
        count(byPage, call.page(), asid)[1]++;
      }
    }
    for (Witness.Operation operation : operations) {
      count(byPage, operation.page(), operation.id())[0]++;
      for (long page : operation.pages()) {
        count(byPage, page, operation.id())[1]++;
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

  private static int[] count(Map<Long, Map<Long, int[]>> byPage, long page, long asid) {
    return byPage
        .computeIfAbsent(page, p -> new HashMap<>())
        .computeIfAbsent(asid, id -> new int[2]);
  }
}
