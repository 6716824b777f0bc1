package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

  /** What the ledger keeps, and what the database would find for the bounding grant. */
  private static final class Grants {
    final Pace pace;
    final List<Long> times = new ArrayList<>();
    long nextGrant;

    Grants(Pace pace) {
      this.pace = pace;
    }

    boolean ask(long now) {
      if (earliest(now) > now) {
        return false;
      }
      nextGrant = pace.afterGrant(now, nextGrant);
      times.add(now);
      return true;
    }

    long earliest(long now) {
      return earliest(now, Lane.INTERACTIVE);
    }

    long earliest(long now, Lane lane) {
      int bounding = times.size() - 1 - pace.boundingOffset(lane);
      return pace.earliest(
          now, lane, nextGrant, bounding < 0 ? Long.MIN_VALUE : times.get(bounding));
    }
  }

  @Property
  void anyArrivals_neverGetMoreThanThePace_inAnyWindow(
      @ForAll @IntRange(min = 1, max = 50) int calls,
      @ForAll @LongRange(min = 1_000_000, max = 3_600_000_000L) long per,
      @ForAll @IntRange(min = 1, max = 60) int burst,
      @ForAll @Size(min = 1, max = 400) List<@LongRange(min = 0, max = 1000) Long> gaps) {
    Grants grants = new Grants(new Pace(calls, per, burst));
    long now = START;
    for (long gap : gaps) {
      now += gap * per / 5000;
      grants.ask(now);
    }
    for (int i = calls; i < grants.times.size(); i++) {
      assertThat(grants.times.get(i) - grants.times.get(i - calls)).isGreaterThan(per);
    }
  }

  @Property
  void theWaitTold_isEnough_andConstantLoadUsesThePace(
      @ForAll @IntRange(min = 1, max = 50) int calls,
      @ForAll @LongRange(min = 12_500_000, max = 3_600_000_000L) long per,
      @ForAll @IntRange(min = 1, max = 5) int burst) {
    Grants grants = new Grants(new Pace(calls, per, burst));
    long now = START;
    long end = START + 20 * per;
    while (now < end) {
      assertThat(grants.ask(now)).isTrue();
      now = Math.max(now, grants.earliest(now));
    }
    assertThat(grants.times.size()).isGreaterThanOrEqualTo((int) (20 * calls * 0.98));
  }

  @Property
  void clockThatRanAhead_stopsCallsForAWindowAtMost(
      @ForAll @IntRange(min = 1, max = 50) int calls,
      @ForAll @LongRange(min = 1_000_000, max = 3_600_000_000L) long per,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long ahead) {
    Pace pace = new Pace(calls, per, 1);
    long slack = pace.sendWithin().toNanos() / 1000;
    assertThat(pace.earliest(START, Lane.INTERACTIVE, START + ahead, START + ahead) - START)
        .isLessThanOrEqualTo(per + slack);
  }

  @Example
  void noPace_neverWaits() {
    Grants grants = new Grants(new Pace(0, 1_000_000, 1));
    for (int i = 0; i < 1000; i++) {
      assertThat(grants.pace.earliest(START, Lane.INTERACTIVE, START, Long.MIN_VALUE))
          .isEqualTo(START);
    }
  }
}
