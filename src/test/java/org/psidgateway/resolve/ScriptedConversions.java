package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;
import org.psidgateway.time.Ticker;
import org.psidgateway.trace.Trace;

/** A batch that converts what the test says at once, and leaves everything else pending. */
final class ScriptedConversions implements Conversions {
  final Map<Long, Long> converted = new HashMap<>();

  /** Which ids were queued, and how long callers were willing to wait for them. */
  final List<Long> queued = new ArrayList<>();

  final List<Duration> patience = new ArrayList<>();
  private final Ticker ticker;

  ScriptedConversions(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public Uni<Void> await(ResolveQuery query, Answers answers, Duration wait, Trace trace) {
    patience.add(wait);
    for (int i = 0; i < answers.size(); i++) {
      if (answers.isOpen(i)) {
        queued.add(answers.asid(i));
        Long verdict = converted.get(answers.asid(i));
        if (verdict != null) {
          answers.answer(i, verdict, Source.UPSTREAM);
        }
      }
    }
    return answers.open() == 0
        ? Uni.createFrom().voidItem()
        : ticker.after(wait).invoke(() -> answers.closeRest(Fate.QUEUED));
  }
}
