package org.psidgateway.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * An answer and what happens to it on the way.
 *
 * @param decisive the fault that decides the call; null if none does
 */
record Served(Reply reply, Fault.@Nullable Kind decisive, long delayMs) {

  /**
   * Meets the faults for a call.
   *
   * @param page 0 if the call is not about one
   * @param object the object that an error names as missing
   * @param answer asked only if no fault strikes before anything is done
   */
  static Served of(
      SimulatorScript script, Settings settings, long page, String object, Supplier<Reply> answer) {
    Fault decisive = null;
    long delayMs = 0;
    Map<String, String> headers = new LinkedHashMap<>();
    for (Fault fault : script.takeFaults(page)) {
      delayMs += fault.delayMs();
      headers.putAll(Objects.requireNonNullElse(fault.headers(), Map.of()));
      decisive = fault.kind() == Fault.Kind.SLOW ? null : fault;
    }
    Reply reply;
    if (decisive == null) {
      reply = answer.get();
    } else if (decisive.kind().acts) {
      reply = FaultReply.spoil(decisive, answer.get());
    } else {
      reply = FaultReply.instead(decisive, settings, object);
    }
    return new Served(
        reply.overriddenBy(settings.extraHeaders).overriddenBy(headers),
        decisive == null ? null : decisive.kind(),
        delayMs);
  }
}
