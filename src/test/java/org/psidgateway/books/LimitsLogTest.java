package org.psidgateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.limits.LimitStatus;
import org.psidgateway.limits.QuotaPolicy;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.LogLines;

/** What one look after another makes of the log. */
class LimitsLogTest {
  private static final Instant SOON = Instant.parse("2026-06-01T00:00:00Z");
  private static final WindowReport OPEN =
      new WindowReport(WindowReport.State.OPEN, null, null, null, false);
  private static final QuotaReport PLENTY = new QuotaReport(1000L, 0, 0, 0, 1000L, 50L, false);

  private final LimitsLog limits = new LimitsLog(new QuotaPolicy(1000, 0.01, 0.02, 0.05));

  @Test
  void whatIsWell_isNotLogged() {
    assertThat(lines(look(PLENTY, OPEN), look(PLENTY, OPEN))).isEmpty();
  }

  @Test
  void cooldown_isOver_onceACallHasPassed_andNotWhenItsTimeIs() {
    assertThat(
            lines(
                look(PLENTY, OPEN, cooling(null, SOON, 1), cooling(100, SOON, 2)),
                look(PLENTY, OPEN, cooling(null, null, 1), cooling(100, null, 0)),
                look(PLENTY, OPEN, cooling(null, SOON, 2)),
                look(PLENTY, OPEN, cooling(null, null, 0), cooling(100, null, 0))))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "WARN The upstream throttles the app: no call goes out"
                            + " (until 2026-06-01T00:00:00Z; throttles in a row: 1;"
                            + " usage: 12 %)"),
            line ->
                assertThat(line)
                    .startsWith("WARN The upstream throttles Page 100: no call goes out for it ("),
            line -> assertThat(line).startsWith("INFO The cooldown of Page 100 is over (after "),
            line -> assertThat(line).startsWith("INFO The cooldown of the app is over (after "));
  }

  @Test
  void quota_isLogged_atItsFloor_atItsEnd_andWhenItIsRaised() {
    assertThat(
            lines(
                look(new QuotaReport(1000L, 949, 51, 0, 0L, 50L, false), OPEN),
                look(new QuotaReport(1000L, 950, 0, 0, 50L, 50L, false), OPEN),
                look(new QuotaReport(1000L, 970, 0, 30, 0L, 50L, true), OPEN),
                look(PLENTY, OPEN)))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "WARN The quota is down to its reserve floor: background work is stopped"
                            + " (50 of 1000 left)"),
            line -> assertThat(line).endsWith("unknown ids fail (0 of 1000 left)"),
            line -> assertThat(line).endsWith("one at a time (30 of 1000 uncertain)"),
            line -> assertThat(line).startsWith("WARN The upstream's own quota seems"),
            line -> assertThat(line).startsWith("INFO There is quota again (after "),
            line -> assertThat(line).startsWith("INFO The quota is above its reserve floor again"),
            line -> assertThat(line).startsWith("INFO The uncertain part of the quota is below"),
            line -> assertThat(line).startsWith("INFO The upstream's own quota is not used up"));
  }

  @Test
  void window_isLogged_whenItIsSealed_orSeemsClosed() {
    WindowReport sealed = new WindowReport(WindowReport.State.SEALED, null, SOON, 0L, true);
    assertThat(lines(look(PLENTY, OPEN), look(PLENTY, sealed), look(PLENTY, sealed)))
        .containsExactly(
            "WARN The window is sealed: unknown ids fail for good"
                + " (since 2026-06-01T00:00:00Z)",
            "WARN The upstream seems to be closed: one probe per day goes out"
                + " (deprecated, or not allowed on several Pages)");
  }

  @Test
  void window_thatIsSealedAtTheStart_isNotLoggedOnceMore() {
    WindowReport sealed = new WindowReport(WindowReport.State.SEALED, null, SOON, 0L, false);
    limits.sealedAtStart();
    assertThat(lines(look(PLENTY, sealed), look(PLENTY, sealed))).isEmpty();
    assertThat(lines(look(PLENTY, OPEN), look(PLENTY, sealed))).hasSize(1);
  }

  private List<String> lines(BooksMeters.Look... looks) {
    try (LogLines log = LogLines.of(LimitsLog.class)) {
      for (BooksMeters.Look look : looks) {
        limits.show(look);
      }
      return log.seen();
    }
  }

  private static BooksMeters.Look look(
      QuotaReport quota, WindowReport window, LimitStatus... statuses) {
    return new BooksMeters.Look(
        Instant.EPOCH, quota, window, LimitsReport.of(List.of(statuses)), 0);
  }

  private static LimitStatus cooling(Integer page, Instant until, int throttles) {
    PageId id = page == null ? null : new PageId(page);
    return new LimitStatus(id, until, until, throttles, 12.0, false);
  }
}
