package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

class RecentSettlementsTest {
  private long now = 42;
  private final RecentSettlements recent = new RecentSettlements(() -> now);

  @Test
  void settlements_areKept_howeverLongTheServerIsAway() {
    recent.add(lost());
    now += Duration.ofMinutes(10).toNanos();

    assertThat(recent.all()).hasSize(1);
  }

  @Test
  void settlements_areForgotten_onceTheirServerWasSeenAMinuteLater() {
    recent.add(lost());
    now += Duration.ofSeconds(59).toNanos();
    recent.forgetOld();
    assertThat(recent.all()).hasSize(1);

    now += Duration.ofSeconds(2).toNanos();
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
    return new Call(UUID.randomUUID(), new PageId(100), Lane.INTERACTIVE, new long[] {1});
  }
}
