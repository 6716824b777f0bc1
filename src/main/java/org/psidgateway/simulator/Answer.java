package org.psidgateway.simulator;

import java.util.List;
import java.util.Map;
import org.psidgateway.simulator.Edges.Row;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * What one operation is answered.
 *
 * @param rows those that the answer gives, whether or not they arrive
 * @param usage the headers that report how much of the rate limit is used
 */
record Answer(Reply reply, List<Row> rows, Map<String, String> usage) {

  static Answer of(String body, List<Row> rows) {
    long[] psids = rows.stream().mapToLong(Row::psid).toArray();
    return new Answer(Reply.converted(body, psids), rows, Map.of());
  }

  /** Of a fault that struck before anything was done. */
  static Answer faulty(Reply reply) {
    return new Answer(reply, List.of(), Map.of());
  }

  static Answer refused(Settings settings, ErrorBody error) {
    return faulty(error.reply(settings));
  }

  Answer withUsage(Map<String, String> headers) {
    return new Answer(reply, rows, headers);
  }

  Answer withReply(Reply other) {
    return new Answer(other, rows, usage);
  }
}
