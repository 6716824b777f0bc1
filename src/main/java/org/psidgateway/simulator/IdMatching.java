package org.psidgateway.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** The endpoints of ID Matching: batches, and single requests. Calls are judged one at a time. */
final class IdMatching {
  private final SimulatorScript script;
  private final Witness witness;
  private final InstantSource clock;
  private final Operations operations;

  IdMatching(SimulatorScript script, Witness witness, RateWindow rate, InstantSource clock) {
    this.script = script;
    this.witness = witness;
    this.clock = clock;
    operations = new Operations(witness, rate);
  }

  /** Judges a request for one node or edge and enters it in the witness's log. */
  synchronized Served single(GraphOperation operation, String origin) {
    Settings settings = script.settings();
    Entry entry = new Entry(clock.instant(), settings, List.of(operation));
    Served served =
        Served.of(
            script,
            settings,
            Tokens.page(settings, operation.request().token()),
            operation.node(),
            () -> {
              Answer answer = operations.answer(settings, operation, origin, entry.arrived());
              entry.answered(answer);
              return answer.reply().with(answer.usage());
            });
    entry.log(witness, served.reply());
    return served;
  }

  /** Judges a batch and enters it and its operations in the witness's log. */
  synchronized Served batch(GraphRequest request, String origin) {
    Optional<List<GraphOperation>> asked = GraphOperation.ofBatch(request);
    Settings settings = script.settings();
    Entry entry = new Entry(clock.instant(), settings, asked.orElse(List.of()));
    Served served =
        Served.of(
            script,
            settings,
            0,
            "batch",
            () ->
                refusal(settings, request, asked, entry.arrived())
                    .map(error -> error.reply(settings))
                    .orElseGet(() -> answer(settings, request, entry, origin)));
    entry.log(witness, served.reply());
    return served;
  }

  private static Optional<ErrorBody> refusal(
      Settings settings, GraphRequest request, Optional<List<GraphOperation>> asked, Instant now) {
    String token = request.token();
    return Refusals.ofAnyToken(settings, token)
        .or(() -> Refusals.ofProof(settings, request, String.valueOf(token), now))
        .or(
            () -> {
              if (asked.isEmpty()) {
                String message = "param batch must be an array.";
                return Optional.of(ErrorBody.numbered("no_batch", 100, message));
              }
              return asked.get().size() > settings.maxOperations
                  ? Optional.of(FaultReply.batchRefused("batch_too_large", settings.maxOperations))
                  : Optional.empty();
            });
  }

  private Reply answer(Settings settings, GraphRequest request, Entry entry, String origin) {
    Batch batch = new Batch(settings, request);
    List<GraphOperation> asked = entry.operations();
    List<@Nullable Fault> faults =
        script.takeFaults(asked.stream().mapToLong(GraphOperation::page).toArray());
    List<Answer> answers = new ArrayList<>(asked.size());
    for (int i = 0; i < asked.size(); i++) {
      Fault fault = faults.get(i);
      Answer answer = answer(settings, asked.get(i), fault, origin, entry.arrived());
      entry.answered(answer);
      answers.add(answer);
      batch.add(answer, asked.get(i), fault);
    }
    return batch.reply(answers);
  }

  private Answer answer(
      Settings settings,
      GraphOperation operation,
      @Nullable Fault fault,
      String origin,
      Instant now) {
    if (fault != null && !fault.kind().acts) {
      return Answer.faulty(FaultReply.instead(fault, settings, operation.node()));
    }
    Answer answer = operations.answer(settings, operation, origin, now);
    return fault == null ? answer : answer.withReply(FaultReply.spoil(fault, answer.reply()));
  }
}
