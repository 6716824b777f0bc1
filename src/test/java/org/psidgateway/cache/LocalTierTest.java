package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

class LocalTierTest {
  private static final PageId PAGE = new PageId(100);
  private static final PageId OTHER = new PageId(200);

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-01T10:00:00Z"));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LocalTier tier =
      new LocalTier(1000, Duration.ofDays(30), clock, new CacheMeters(registry));

  private void keep(long asid, long verdict, Duration age) {
    long checkedAt = clock.seconds() - age.toSeconds();
    tier.keep(PAGE, new Findings(new long[] {asid}, new long[] {verdict}, new long[] {checkedAt}));
  }

  @Test
  void fill_writesWhatIsKnown_andNothingElse() {
    keep(1, 11, Duration.ZERO);
    keep(2, Verdict.UNMAPPED, Duration.ZERO);
    keep(3, Verdict.REJECTED, Duration.ZERO);
    Answers answers = new Answers(new long[] {4, 3, 2, 1});
    answers.close(3, Fate.ERASED);

    tier.fill(PAGE, answers);

    assertThat(answers.isOpen(0)).isTrue();
    assertThat(answers.fate(1)).isEqualTo(Fate.REJECTED_BY_UPSTREAM);
    assertThat(answers.fate(2)).isEqualTo(Fate.NOT_RETURNED_BY_UPSTREAM);
    assertThat(answers.fate(3)).isEqualTo(Fate.ERASED);
    assertThat(answers.source(1)).isEqualTo(Source.CACHE);
    assertThat(requests("hit")).isEqualTo(2);
    assertThat(requests("miss")).isEqualTo(1);
  }

  @Test
  void peek_unknown_onAnotherPage() {
    keep(1, 11, Duration.ZERO);
    assertThat(tier.peek(PAGE, 1)).isEqualTo(11);
    assertThat(tier.peek(OTHER, 1)).isEqualTo(Verdict.UNKNOWN);
    tier.keep(OTHER, new Findings(new long[] {2}, new long[] {22}, new long[] {1}));
    assertThat(tier.peek(OTHER, 1)).isEqualTo(Verdict.UNKNOWN);
    assertThat(tier.peek(PAGE, 2)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void peek_negative_forAMinute() {
    keep(1, Verdict.UNMAPPED, Duration.ofDays(3));
    keep(2, 22, Duration.ofDays(3));
    clock.advance(Duration.ofMillis(59_999));
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.UNMAPPED);
    clock.advance(Duration.ofMillis(1));
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.UNKNOWN);
    clock.advance(Duration.ofDays(1000));
    assertThat(tier.peek(PAGE, 2)).isEqualTo(22);
  }

  @Test
  void peek_negative_notBeyondItsRecheck() {
    keep(1, Verdict.REJECTED, Duration.ofDays(30).minusSeconds(10));
    keep(2, Verdict.REJECTED, Duration.ofDays(30));
    assertThat(tier.peek(PAGE, 2)).isEqualTo(Verdict.UNKNOWN);
    clock.advance(Duration.ofMillis(9_999));
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.REJECTED);
    clock.advance(Duration.ofMillis(1));
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void peek_negative_notForEver_whenTheClockIsSetBack() {
    keep(1, Verdict.UNMAPPED, Duration.ZERO);
    clock.advance(Duration.ofHours(-1));
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void keep_newNegative_inPlaceOfTheExpiredOne() {
    keep(1, Verdict.UNMAPPED, Duration.ZERO);
    clock.advance(Duration.ofMinutes(2));
    keep(1, Verdict.REJECTED, Duration.ZERO);
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.REJECTED);
  }

  @Test
  void find_saysWhenItWasChecked() {
    keep(1, 11, Duration.ofDays(3));
    Instant then = clock.instant().minus(Duration.ofDays(3));
    assertThat(tier.find(PAGE, 1)).contains(new Mapping(PAGE, 1, 11, Source.CACHE, then, then));
    assertThat(tier.find(PAGE, 2)).isEmpty();
    assertThat(tier.find(OTHER, 1)).isEmpty();
  }

  @Test
  void forget_thoseIdsAlone() {
    keep(1, 11, Duration.ZERO);
    keep(2, 22, Duration.ZERO);
    tier.forget(PAGE, new long[] {1, 3});
    assertThat(tier.peek(PAGE, 1)).isEqualTo(Verdict.UNKNOWN);
    assertThat(tier.peek(PAGE, 2)).isEqualTo(22);
    assertThat(tier.size()).isEqualTo(1);
  }

  private double requests(String result) {
    return registry
        .get("gateway.cache.requests")
        .tag("tier", "l1")
        .tag("result", result)
        .counter()
        .count();
  }
}
