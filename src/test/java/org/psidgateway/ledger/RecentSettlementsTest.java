package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;

class RecentSettlementsTest {
  private final ManualTicker ticker = new ManualTicker();
  private final RecentSettlements recent = new RecentSettlements(ticker);

  @Test
  void settlements_areKept_howeverLongTheServerIsAway() {
    recent.add(lost());
    ticker.advance(Duration.ofMinutes(10));

    assertThat(recent.all()).hasSize(1);
  }

  @Test
  void settlements_areForgotten_onceTheirServerWasSeenAMinuteLater() {
    recent.add(lost());
    ticker.advance(Duration.ofSeconds(59));
    recent.forgetOld();
    assertThat(recent.all()).hasSize(1);

    ticker.advance(Duration.ofSeconds(2));
    recent.forgetOld();

    assertThat(recent.all()).isEmpty();
  }

  @Test
  void settlements_areAThousandAtMost_theLatest_andNoneThatCostNothing() {
    recent.add(Settlement.unsent(call(), "connect_failed"));
    Settlement first = lost();
    recent.add(first);
    for (int i = 0; i < 1_000; i++) {
      recent.add(lost());
    }
    assertThat(recent.all()).hasSize(1_000).doesNotContain(first);
  }

  private static Settlement lost() {
    return Settlement.uncertain(call(), "timeout");
  }

  private static Call call() {
    return new Call(
        UUID.randomUUID(),
        new PageId(100),
        Lane.INTERACTIVE,
        new long[] {1},
        OneCaller.of(1),
        Tariffs.PER_BATCH);
  }
}
