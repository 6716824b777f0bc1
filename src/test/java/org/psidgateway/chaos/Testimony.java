package org.psidgateway.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.psidgateway.simulator.Witness;

/**
 * What the upstream was asked and what it told, by its own log, whichever of its APIs was called.
 * Operations of ID Matching ask about all Pages: theirs is Page 0, as in the ledger.
 */
final class Testimony {
  private static final String ANSWERED = "answered";

  private final List<Sent> sent = new ArrayList<>();
  private final Map<Told, Long> told = new HashMap<>();
  private final Map<List<Long>, Long> lost = new HashMap<>();
  private final List<Long> arrivals = new ArrayList<>();
  private long matched;
  private long converted;

  /** A call as it arrived. */
  record Sent(Asked asked, long arrivedMillis) {}

  /**
   * What was told of an id.
   *
   * @param after the cursor, if this was not the first page of the answer
   */
  record Told(List<Long> id, String after) {}

  private Testimony() {}

  static Testimony of(Witness witness) {
    Testimony testimony = new Testimony();
    List<Witness.Call> calls = witness.calls(); // before the operations: pods may be calling still
    List<Witness.Operation> operations = witness.operations();
    int next = 0;
    for (Witness.Call call : calls) {
      testimony.add(call, operations.subList(next, next + call.operations()));
      next += call.operations();
    }
    return testimony;
  }

  private void add(Witness.Call call, List<Witness.Operation> operations) {
    if (operations.isEmpty()) {
      arrivals.add(call.arrivedNanos());
      sent.add(new Sent(Asked.of(call.page(), call.asked()), call.arrivedMillis()));
      LongStream.of(call.converted()).forEach(asid -> tell(List.of(call.page(), asid), ""));
      converted += call.converted().length;
      return;
    }
    long[] asked = operations.stream().mapToLong(Witness.Operation::id).toArray();
    sent.add(new Sent(Asked.of(0, asked), call.arrivedMillis()));
    operations.forEach(this::add);
  }

  private void add(Witness.Operation operation) {
    boolean answered = operation.outcome().equals(ANSWERED);
    List<Long> id = List.of(0L, operation.id());
    arrivals.add(operation.arrivedNanos());
    matched += operation.returned().length;
    if (answered || operation.returned().length > 0) {
      tell(id, operation.after());
    }
    if (!answered && operation.returned().length > 0) {
      lost.merge(id, 1L, Long::sum);
    }
  }

  private void tell(List<Long> id, String after) {
    told.merge(new Told(id, after), 1L, Long::sum);
  }

  /** All calls, in the order of their arrival. */
  List<Sent> sent() {
    return sent;
  }

  /** When each call arrived that counts against the pace: an operation is one. */
  List<Long> arrivals() {
    return arrivals;
  }

  /** How often everything was told. */
  Map<Told, Long> told() {
    return told;
  }

  /** How often, of these, the answer to the operation about an id was lost by itself. */
  Map<List<Long>, Long> lost() {
    return lost;
  }

  /** PSIDs that {@code pages_id_mapping} gave. */
  long converted() {
    return converted;
  }

  /** PSIDs that ID Matching gave. */
  long matched() {
    return matched;
  }
}
