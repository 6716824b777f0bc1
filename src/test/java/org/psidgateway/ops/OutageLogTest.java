package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.LogLines;

class OutageLogTest {
  private final AtomicLong now = new AtomicLong();

  @Test
  void outage_isLoggedTwice_withReasonAndDuration() {
    OutageLog outage = new OutageLog(OutageLogTest.class, "away", "back", Duration.ZERO, now::get);
    try (LogLines log = LogLines.of(OutageLogTest.class)) {
      outage.recovered();
      outage.failed("a reason");
      outage.failed("another");
      now.addAndGet(Duration.ofMillis(85_340).toNanos());
      outage.recovered();
      outage.recovered();
      assertThat(log.seen()).containsExactly("WARN away (a reason)", "INFO back (after 85.3 s)");
    }
  }

  @Test
  void outage_goesOn_untilNothingHasFailedForAWhile_whenSomeCallsWork() {
    OutageLog outage =
        new OutageLog(OutageLogTest.class, "away", "back", Duration.ofSeconds(5), now::get);
    try (LogLines log = LogLines.of(OutageLogTest.class)) {
      for (int i = 0; i < 100; i++) {
        outage.failed("a reason");
        now.addAndGet(Duration.ofMillis(4999).toNanos());
        outage.recovered();
      }
      assertThat(outage.isAway()).isTrue();
      assertThat(log.seen()).containsExactly("WARN away (a reason)");
      now.addAndGet(Duration.ofMillis(1).toNanos());
      outage.recovered();
      assertThat(log.seen()).containsExactly("WARN away (a reason)", "INFO back (after 499.9 s)");
    }
  }

  @Test
  void furtherCause_isLoggedOnce_perOutage() {
    OutageLog outage = new OutageLog(OutageLogTest.class, "away", "back", Duration.ZERO, now::get);
    try (LogLines log = LogLines.of(OutageLogTest.class)) {
      for (int i = 0; i < 2; i++) {
        outage.failed("connection", "refused");
        outage.failed("connection", "no connection in time");
        outage.failed("25", "read-only");
        outage.failed("connection", "refused");
        outage.failed("25", "read-only");
        outage.recovered();
      }
      assertThat(log.seen())
          .containsExactly(
              "WARN away (refused)",
              "WARN away; another cause (read-only)",
              "INFO back (after 0.0 s)",
              "WARN away (refused)",
              "WARN away; another cause (read-only)",
              "INFO back (after 0.0 s)");
    }
  }
}
