package org.psidgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.psidgateway.model.Lane;

/** Cooldowns and usage over hours, on a clock of numbers. */
class LimitStateTest {
  private static final long START = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000;
  private static final long HOUR = 3600 * SECOND;

  private final CooldownConfig config =
      new LimitSettings.Cooldowns(Duration.ofSeconds(2), Duration.ofHours(1));

  /** An upstream that throttles until a moment, and a client that does as the ledger says. */
  @Property
  void whateverTheUpstreamSays_noCallGoesInACooldown_andOneProbeAtATimeAfterIt(
      @ForAll @LongRange(min = 1, max = 12 * 3600) long throttledSeconds,
      @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 900) Long> waits,
      @ForAll @DoubleRange(min = 1, max = 1.1) double jitter) {
    LimitState state = new LimitState(LimitState.APP);
    long now = START;
    long open = START + throttledSeconds * SECOND;
    state.throttled(UUID.randomUUID(), now, now, -1, config, jitter);
    int probes = 0;
    while (state.strikes > 0) {
      assertThat(state.cooling(now)).isTrue();
      now = state.cooldownUntil;
      assertThat(state.cooling(now)).isFalse();
      assertThat(state.probing(now)).isFalse();
      UUID probe = UUID.randomUUID();
      grant(state, probe, now, now + 15 * SECOND);
      assertThat(state.probing(now)).isTrue();
      state.reported(99, now); // much use: no suspicion
      if (now < open) {
        long asked = waits.get(probes % waits.size());
        state.throttled(probe, now, now, asked * SECOND, config, jitter);
        // a straggler of before says nothing new
        int strikes = state.strikes;
        state.throttled(UUID.randomUUID(), START - 1, now + 1, -1, config, jitter);
        assertThat(state.strikes).isEqualTo(strikes);
        assertThat(state.cooldownUntil).isGreaterThan(now + asked * SECOND - 1);
      } else {
        state.passed(probe, now);
      }
      probes++;
    }
    // Recovered no later than an hour, the longest back-off, after the upstream has.
    assertThat(now - open).isLessThan((long) (HOUR * 1.1) + 900 * SECOND);
  }

  private static void grant(LimitState state, UUID call, long now, long expiry) {
    long never = Long.MIN_VALUE;
    new ScopeLimits(state, Pace.UNLIMITED, now, never, never, never, false)
        .granted(call, 1, now, expiry);
  }

  @Example
  void backOff_doubles_toItsCeiling() {
    LimitState state = new LimitState(LimitState.APP);
    List<Long> waits = new ArrayList<>();
    long now = START;
    for (int i = 0; i < 14; i++) {
      state.throttled(UUID.randomUUID(), now, now, -1, config, 1);
      waits.add((state.cooldownUntil - now) / SECOND);
      now = state.cooldownUntil + 1;
    }
    assertThat(waits).startsWith(2L, 4L, 8L, 16L, 32L).endsWith(2048L, 3600L, 3600L, 3600L);
  }

  @Example
  void answerOfTheProbe_endsNoCooldown_thatCameWhileItWasUnderWay() {
    LimitState state = new LimitState(LimitState.APP);
    state.throttled(UUID.randomUUID(), START, START, -1, config, 1);
    UUID probe = UUID.randomUUID();
    grant(state, probe, START, START + 20 * SECOND);
    long late = START + 3 * SECOND;
    state.throttled(UUID.randomUUID(), START - SECOND, late, 600 * SECOND, config, 1);
    assertThat(state.strikes).isEqualTo(1); // sent before the first one: nothing new

    state.passed(probe, late + SECOND);
    state.open();

    assertThat(state.cooling(late + 590 * SECOND)).isTrue();
    assertThat(state.strikes).isEqualTo(1);
    assertThat(state.probing(late + SECOND)).isFalse();
  }

  @Example
  void cooldownOfAClockThatRanAhead_stopsNobody() {
    LimitState state = new LimitState(LimitState.APP);
    state.throttled(UUID.randomUUID(), START + 40 * HOUR, START + 40 * HOUR, 20 * HOUR, config, 1);
    assertThat(state.cooling(START)).isFalse();
  }

  @Property
  void widening_isSmooth_andGrowsWithUsage(@ForAll @IntRange(min = 0, max = 2000) int tenths) {
    double usage = tenths / 10.0;
    double next = UsageThrottle.widening(usage + 0.1);
    assertThat(UsageThrottle.widening(usage))
        .isBetween(1.0, UsageThrottle.WIDEST)
        .isLessThanOrEqualTo(next);
    if (usage < 98) {
      assertThat(next / UsageThrottle.widening(usage)).isLessThan(1.06);
    }
  }

  @Property
  void reportedUsage_slowsCallsForAWhile_andNeverForever(
      @ForAll @IntRange(min = 0, max = 100_000) int percent) {
    Pace pace = new Pace(200, HOUR, 3, 1);
    long interval = HOUR / 200;
    for (Lane lane : Lane.values()) {
      long now = START;
      for (int looks = 0; looks < 20; looks++) {
        double usage = UsageThrottle.decayed(percent, START, now);
        long earliest = UsageThrottle.earliest(now, lane, usage, START, pace);
        if (earliest <= now) {
          break;
        }
        now = earliest;
      }
      double usage = UsageThrottle.decayed(percent, START, now);
      assertThat(UsageThrottle.earliest(now, lane, usage, START, pace)).isLessThanOrEqualTo(now);
      assertThat(now - START).isLessThanOrEqualTo(Math.max(20 * interval, 11 * 60 * SECOND));
      if (percent >= 90 && lane == Lane.BACKGROUND) {
        assertThat(usage).isLessThan(90);
      }
    }
  }
}
