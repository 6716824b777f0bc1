package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Source;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.trace.Trace;

/**
 * Whatever happens to the ids on their way, every waiting line is answered once, and nothing stays
 * behind.
 */
class PageQueuePropertyTest {
  private static final int BATCH = 5;

  private final Load load = new Load(1_000_000);
  private final PageQueue queue = Queues.queue(load, new ManualTicker());

  @Property(tries = 300)
  void everyLineIsWrittenOnce_andEveryIdFliesOnce(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> callers,
      @ForAll Random random) {
    queue.suspect(
        LongStream.rangeClosed(1, 50)
            .filter(id -> random.nextInt(4) == 0)
            .mapToObj(id -> new PendingId(id, Lane.INTERACTIVE, this))
            .toList());
    List<Answers> lists = new ArrayList<>();
    List<Ticket> tickets = new ArrayList<>();
    for (int ids : callers) {
      long first = 1 + random.nextInt(20);
      Answers list = new Answers(LongStream.range(first, first + ids).toArray());
      lists.add(list);
      tickets.add(
          queue.join(random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND, list, Trace.NONE));
    }
    long distinct =
        lists.stream()
            .flatMapToLong(list -> LongStream.range(0, list.size()).map(i -> list.asid((int) i)))
            .distinct()
            .count();
    assertThat(load.ids()).isEqualTo((int) distinct);

    while (load.ids() > 0) {
      step(random);
    }

    for (int i = 0; i < tickets.size(); i++) {
      tickets.get(i).done(Duration.ofSeconds(5)).await().atMost(Duration.ofSeconds(5));
      Answers list = lists.get(i);
      assertThat(list.open()).isZero();
      for (int line = 0; line < list.size(); line++) {
        if (list.fate(line) == Fate.MAPPED) {
          assertThat(list.psid(line)).isEqualTo(list.asid(line) + 1000);
        } else {
          assertThat(list.fate(line)).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
        }
      }
    }
    assertThat(queue.foreign()).isEmpty();
    assertThat(load.lines()).isZero();
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
    queue.answered(new Findings(asids, psids, new long[asids.length]), Source.UPSTREAM);
  }
}
