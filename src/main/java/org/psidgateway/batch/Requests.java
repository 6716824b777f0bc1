package org.psidgateway.batch;

import static java.util.stream.Collectors.toSet;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.psidgateway.batch.PendingId.State;
import org.psidgateway.model.Answers;
import org.psidgateway.trace.Trace;

/** What requests wait for. Guarded by the {@link PageQueue} of the ids. */
final class Requests {
  private Requests() {}

  /** The recorded requests that wait for these ids. */
  static Set<Trace> of(Collection<PendingId> ids) {
    return ids.stream()
        .flatMap(id -> id.waiters().stream())
        .map(waiter -> waiter.ticket().trace)
        .filter(Trace::isRecorded)
        .collect(toSet());
  }

  /** Links the requests that wait for these ids to the call that asks them. */
  static void linkToCall(Collection<PendingId> ids, Trace call) {
    if (call.isRecorded()) {
      of(ids).forEach(request -> request.link(call));
    }
  }

  /** Links a request to the calls that are under way for some of its ids. */
  static void linkToCalls(Trace request, Answers answers, PendingIds pending) {
    Set<Trace> calls = new HashSet<>();
    for (int line = 0; request.isRecorded() && line < answers.size(); line++) {
      PendingId id = pending.get(answers.asid(line));
      if (id != null && id.state == State.TAKEN) {
        calls.add(id.call);
      }
    }
    calls.forEach(request::link);
  }
}
