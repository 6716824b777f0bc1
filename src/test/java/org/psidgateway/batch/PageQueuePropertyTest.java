package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.Source;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.trace.Trace;

/**
 * Whatever happens to the ids on their way, every waiting line is answered once, and nothing stays
 * behind.
 */
class PageQueuePropertyTest {
  private static final int BATCH = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Load load = new Load(1_000_000);
  private final ManualTicker ticker = new ManualTicker();
  private final PageQueue queue = Queues.queue(load, ticker);

  /** Copies its answers when they are its own again: nobody may write them any more. */
  private final class Caller {
    final Answers answers;
    final Cancellable waiting;
    List<Fate> fates = List.of();

    Caller(Lane lane, long[] asids) {
      answers = new Answers(asids);
      waiting =
          queue
              .join(Queues.PAGE, lane, OneCaller.NAME, answers, Trace.NONE)
              .done(PATIENCE)
              .subscribe()
              .with(done -> fates = copy());
    }

    void hangUp() {
      if (fates.isEmpty()) {
        waiting.cancel();
        fates = copy();
      }
    }

    private List<Fate> copy() {
      return IntStream.range(0, answers.size()).mapToObj(answers::fate).toList();
    }

    void assertAnswered() {
      assertThat(answers.open()).isZero();
      assertThat(fates).isEqualTo(copy());
      for (int line = 0; line < answers.size(); line++) {
        if (answers.fate(line) == Fate.MAPPED) {
          assertThat(answers.psid(line)).isEqualTo(answers.asid(line) + 1000);
        } else {
          assertThat(answers.fate(line)).isIn(Fate.UPSTREAM_UNAVAILABLE, Fate.QUEUED);
        }
      }
    }
  }

  @Property(tries = 300)
  void everyLineIsWrittenOnce_andNothingStaysBehind(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> sizes,
      @ForAll Random random) {
    queue.suspect(
        LongStream.rangeClosed(1, 50)
            .filter(id -> random.nextInt(4) == 0)
            .mapToObj(id -> new PendingId(id, Lane.INTERACTIVE, this, OneCaller.NAME))
            .toList());
    List<Caller> callers = new ArrayList<>();
    for (int ids : sizes) {
      long first = 1 + random.nextInt(20);
      Lane lane = random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND;
      callers.add(new Caller(lane, LongStream.range(first, first + ids).toArray()));
    }
    assertThat(load.ids()).isEqualTo((int) distinct(callers));

    while (load.ids() > 0) {
      switch (random.nextInt(8)) {
        case 0 -> callers.get(random.nextInt(callers.size())).hangUp();
        case 1 -> ticker.advance(PATIENCE.dividedBy(50));
        default -> step(random);
      }
    }

    ticker.advance(PATIENCE);
    assertThat(callers).allSatisfy(Caller::assertAnswered);
    assertThat(queue.foreign()).isEmpty();
    assertThat(load.lines()).isZero();
    assertThat(ticker.armed()).isZero();
  }

  private static long distinct(List<Caller> callers) {
    return callers.stream()
        .flatMapToLong(
            caller -> IntStream.range(0, caller.answers.size()).mapToLong(caller.answers::asid))
        .distinct()
        .count();
  }

  private void step(Random random) {
    Lane lane = random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND;
    List<PendingId> candidates = queue.candidates(lane, BATCH);
    assertThat(candidates).noneMatch(id -> id.alone);
    PendingId alone = queue.takeSuspect(lane);
    if (alone != null) {
      assertThat(queue.takeSuspect(lane)).isNull(); // one at a time
      step(random, new long[] {alone.asid});
    }
    step(random, candidates.stream().mapToLong(id -> id.asid).toArray());
  }

  private void step(Random random, long[] next) {
    assertThat(next).hasSizeLessThanOrEqualTo(BATCH).doesNotHaveDuplicates();
    if (next.length == 0) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> answer(next);
      case 1 -> queue.requeue(queue.take(next, Trace.NONE));
      case 2 -> {
        UUID call = UUID.randomUUID();
        queue.leaveTo(call, next);
        if (random.nextBoolean()) {
          answer(next);
        }
        queue.foreignEnded(queue.foreign(), Map.of());
      }
      default -> queue.end(queue.take(next, Trace.NONE), Fate.UPSTREAM_UNAVAILABLE);
    }
  }

  private void answer(long[] asids) {
    long[] psids = LongStream.of(asids).map(asid -> asid + 1000).toArray();
    queue.answered(
        new PageFindings(Queues.PAGE, new Findings(asids, psids, new long[asids.length])),
        Source.UPSTREAM);
  }
}
