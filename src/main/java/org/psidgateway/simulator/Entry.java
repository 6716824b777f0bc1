package org.psidgateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.simulator.Edges.Row;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** What the witness will write about a call of ID Matching, collected while it is answered. */
final class Entry {
  private static final long[] NONE = {};

  private final Instant arrived;
  private final long nanos = System.nanoTime();
  private final Settings settings;
  private final List<GraphOperation> operations;
  private final List<Answer> answers = new ArrayList<>();

  Entry(Instant arrived, Settings settings, List<GraphOperation> operations) {
    this.arrived = arrived;
    this.settings = settings;
    this.operations = operations;
  }

  Instant arrived() {
    return arrived;
  }

  List<GraphOperation> operations() {
    return operations;
  }

  /** Once for each operation, in their order, if any is answered. */
  void answered(Answer answer) {
    answers.add(answer);
  }

  /** {@code reply} is the outcome of operations that were not answered, too. */
  void log(Witness witness, Reply reply) {
    List<Witness.Operation> log = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      Answer answer = i < answers.size() ? answers.get(i) : Answer.faulty(reply);
      log.add(operation(i, operations.get(i), answer));
    }
    witness.add(
        new Witness.Call(
            arrived.toEpochMilli(),
            nanos,
            0,
            log.size(),
            NONE,
            reply.outcome(),
            reply.code(),
            reply.returned(),
            NONE),
        log);
  }

  private Witness.Operation operation(int index, GraphOperation operation, Answer answer) {
    return new Witness.Operation(
        arrived.toEpochMilli(),
        nanos,
        index,
        Tokens.page(settings, operation.request().token()),
        operation.edge(),
        People.id(operation.node()),
        operation.page(),
        operation.after(),
        answer.reply().outcome(),
        answer.reply().code(),
        answer.rows().stream().mapToLong(Row::page).toArray(),
        answer.rows().stream().mapToLong(Row::psid).toArray());
  }
}
