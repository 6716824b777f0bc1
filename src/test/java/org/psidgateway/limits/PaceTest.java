package org.psidgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.psidgateway.model.Lane;

/** Hours of calls in milliseconds: the arithmetic alone, on a clock of numbers. */
class PaceTest {
  private static final long START = 1_700_000_000_000_000L;
  private static final long LONGEST_DEADLINE = Limits.LONGEST_DEADLINE.toNanos() / 1000;

  private static final class Call {
    final int cost;
    final long arrival;
    long arrivesBy;

    Call(int cost, long arrival, long arrivesBy) {
      this.cost = cost;
      this.arrival = arrival;
      this.arrivesBy = arrivesBy;
    }
  }

  /** What the ledger keeps, and what the database would find for the bounding arrival. */
  private static final class Calls {
    final Pace pace;
    final List<Call> calls = new ArrayList<>();
    long nextGrant;

    Calls(Pace pace) {
      this.pace = pace;
    }

    boolean ask(long now) {
      return ask(now, Lane.INTERACTIVE, 1, now, now);
    }

    boolean ask(long now, Lane lane, int cost, long arrival, long arrivesBy) {
      if (earliest(now, lane, cost) > now) {
        return false;
      }
      nextGrant = pace.afterGrant(now, nextGrant, cost);
      calls.add(new Call(cost, arrival, arrivesBy));
      return true;
    }

    long earliest(long now, Lane lane, int cost) {
      int allowed = lane == Lane.BACKGROUND ? pace.backgroundCalls() : pace.calls();
      return pace.earliest(now, lane, nextGrant, bounding(allowed - cost));
    }

    private long bounding(int most) {
      long sum = 0;
      for (Call call : latestFirst()) {
        sum += call.cost;
        if (sum > most) {
          return call.arrivesBy;
        }
      }
      return Long.MIN_VALUE;
    }

    private List<Call> latestFirst() {
      return calls.stream()
          .sorted(Comparator.comparingLong((Call call) -> call.arrivesBy).reversed())
          .toList();
    }
  }

  @Property(tries = 300)
  void anyDeadlines_anyDelays_neverBringMoreThanThePaceIntoAnyWindow(
      @ForAll @IntRange(min = 1, max = 50) int most,
      @ForAll @LongRange(min = 1_000_000, max = 60_000_000L) long per,
      @ForAll @IntRange(min = 1, max = 60) int burst,
      @ForAll @Size(min = 1, max = 150) List<@LongRange(min = 0, max = 1000) Long> gaps,
      @ForAll Random random) {
    Calls calls = new Calls(new Pace(most, per, burst, 1));
    long now = START;
    for (long gap : gaps) {
      now += gap * per / 5000;
      long deadline = (long) (random.nextDouble() * LONGEST_DEADLINE);
      long arrival = now + (long) (random.nextDouble() * deadline);
      Lane lane = random.nextBoolean() ? Lane.INTERACTIVE : Lane.BACKGROUND;
      calls.ask(now, lane, 1 + random.nextInt(Math.min(3, most)), arrival, now + deadline);
      settleSome(calls, now, random);
    }
    assertThat(mostWithin(calls, per)).isLessThanOrEqualTo(most);
  }

  /** Once a call has arrived, its row may say so. */
  private static void settleSome(Calls calls, long now, Random random) {
    for (Call call : calls.calls) {
      if (call.arrival <= now && random.nextInt(3) == 0) {
        call.arrivesBy = Math.min(call.arrivesBy, call.arrival + random.nextInt(1_000));
      }
    }
  }

  private static long mostWithin(Calls calls, long per) {
    return calls.calls.stream()
        .mapToLong(
            last ->
                calls.calls.stream()
                    .filter(c -> c.arrival <= last.arrival && c.arrival > last.arrival - per)
                    .mapToLong(c -> c.cost)
                    .sum())
        .max()
        .orElse(0);
  }

  @Property(tries = 100)
  void theWaitGiven_isEnough_andConstantLoadUsesThePace(
      @ForAll @IntRange(min = 1, max = 50) int most,
      @ForAll @LongRange(min = 12_500_000, max = 3_600_000_000L) long per,
      @ForAll @IntRange(min = 1, max = 5) int burst) {
    Calls calls = new Calls(new Pace(most, per, burst, 1));
    long now = START;
    long end = START + 20 * per;
    while (now < end) {
      assertThat(calls.ask(now)).isTrue();
      now = Math.max(now, calls.earliest(now, Lane.INTERACTIVE, 1));
    }
    assertThat(calls.calls.size()).isGreaterThanOrEqualTo((int) (20 * most * 0.98));
  }

  @Property
  void clockThatRanAhead_stopsCallsForAWindowAtMost(
      @ForAll @IntRange(min = 1, max = 50) int most,
      @ForAll @LongRange(min = 1_000_000, max = 3_600_000_000L) long per,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long ahead) {
    Pace pace = new Pace(most, per, 1, 1);
    assertThat(pace.earliest(START, Lane.INTERACTIVE, START + ahead, START + ahead) - START)
        .isLessThanOrEqualTo(per + LONGEST_DEADLINE);
  }

  @Example
  void noPace_neverWaits() {
    Pace pace = new Pace(0, 1_000_000, 1, 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(pace.earliest(START, Lane.INTERACTIVE, START, Long.MIN_VALUE)).isEqualTo(START);
    }
  }
}
