package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

/**
 * Whatever happens to the ids on their way, everybody who waits is told once, and nothing stays
 * behind.
 */
class DeskPropertyTest {
  private static final int BATCH = 5;

  private final Load load = new Load(1_000_000);
  private final Desk desk =
      new Desk(
          new PageId(100),
          load,
          new BatchMeters(new SimpleMeterRegistry(), load, () -> 0, () -> false),
          new Turns(1));

  @Property(tries = 300)
  void everyLineIsWrittenOnce_andEveryIdFliesOnce(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> callers,
      @ForAll Random random) {
    desk.suspect(
        LongStream.rangeClosed(1, 50)
            .filter(id -> random.nextInt(4) == 0)
            .mapToObj(id -> new Flight(id, Lane.INTERACTIVE, this))
            .toList());
    List<Answers> sheets = new ArrayList<>();
    List<Ticket> tickets = new ArrayList<>();
    for (int ids : callers) {
      long first = 1 + random.nextInt(20);
      Answers sheet = new Answers(LongStream.range(first, first + ids).toArray());
      sheets.add(sheet);
      tickets.add(
          desk.join(random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND, sheet, Trace.NONE));
    }
    long distinct =
        sheets.stream()
            .flatMapToLong(sheet -> LongStream.range(0, sheet.size()).map(i -> sheet.asid((int) i)))
            .distinct()
            .count();
    assertThat(load.ids()).isEqualTo((int) distinct);

    while (load.ids() > 0) {
      step(random);
    }

    for (int i = 0; i < tickets.size(); i++) {
      tickets.get(i).done(Duration.ofSeconds(5)).await().atMost(Duration.ofSeconds(5));
      Answers sheet = sheets.get(i);
      assertThat(sheet.open()).isZero();
      for (int line = 0; line < sheet.size(); line++) {
        if (sheet.fate(line) == Fate.MAPPED) {
          assertThat(sheet.psid(line)).isEqualTo(sheet.asid(line) + 1000);
        } else {
          assertThat(sheet.fate(line)).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
        }
      }
    }
    assertThat(desk.parked()).isEmpty();
    assertThat(load.lines()).isZero();
  }

  private void step(Random random) {
    Lane lane = random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND;
    List<Flight> candidates = desk.candidates(lane, BATCH);
    assertThat(candidates).noneMatch(flight -> flight.alone);
    Flight alone = desk.nextAlone(lane);
    if (alone != null) {
      assertThat(desk.nextAlone(lane)).isNull(); // one at a time
      step(random, new long[] {alone.asid});
    }
    step(random, candidates.stream().mapToLong(flight -> flight.asid).toArray());
  }

  private void step(Random random, long[] next) {
    assertThat(next).hasSizeLessThanOrEqualTo(BATCH).doesNotHaveDuplicates();
    if (next.length == 0) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> land(next);
      case 1 -> desk.requeue(desk.take(next));
      case 2 -> {
        UUID call = UUID.randomUUID();
        desk.park(call, next);
        if (random.nextBoolean()) {
          land(next);
        }
        desk.unpark(desk.parked(), Map.of());
      }
      default -> desk.land(desk.take(next), Fate.UPSTREAM_UNAVAILABLE);
    }
  }

  private void land(long[] asids) {
    long[] psids = LongStream.of(asids).map(asid -> asid + 1000).toArray();
    desk.land(new Findings(asids, psids, new long[asids.length]), Source.UPSTREAM);
  }
}
