package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.LogLines;

class PauseLogTest {
  private final PauseLog pauses = new PauseLog();

  @Test
  void pause_isLoggedWhenItIsSeenFirst_andWhenItIsOver() {
    try (LogLines log = LogLines.of(PauseLog.class)) {
      pauses.saw(page(null));
      pauses.saw(page("token_invalid"));
      pauses.saw(page("token_invalid"));
      assertThat(log.seen())
          .containsExactly("WARN Page 100 is paused: its unknown ids fail (token_invalid)");
      pauses.saw(page(null));
      pauses.saw(page(null));
      assertThat(log.seen())
          .hasSize(2)
          .last()
          .asString()
          .startsWith("INFO Page 100 is no longer paused (after ");
    }
  }

  @Test
  void pageThatIsGone_isNotLoggedAsResumed() {
    try (LogLines log = LogLines.of(PauseLog.class)) {
      pauses.saw(page("operator"));
      pauses.forget(new PageId(100));
      pauses.saw(page(null));
      assertThat(log.seen()).hasSize(1);
    }
  }

  private static Page page(String reason) {
    return new Page(
        new PageId(100), "Shoes", null, false, reason != null, reason, true, 1, Instant.EPOCH);
  }
}
