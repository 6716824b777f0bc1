package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.psidgateway.batch.Batcher;
import org.psidgateway.model.Answers;
import org.psidgateway.trace.Trace;

/** Where unknown ids are converted: the Page's open batch. */
interface Conversions {

  /**
   * Emits once every blank line of the sheet is written: by the upstream's answer, or as pending
   * when {@code patience} has run out. Never blocks, never fails.
   */
  Uni<Void> await(ResolveQuery query, Answers answers, Duration patience, Trace trace);

  static Conversions by(Batcher batcher) {
    return (query, answers, patience, trace) ->
        batcher.join(query.page(), query.lane(), query.caller(), answers, trace).done(patience);
  }
}
