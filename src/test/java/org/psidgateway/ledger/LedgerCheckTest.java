package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.ops.Faults;

class LedgerCheckTest {

  @Test
  void delayOfUncertainIds_isReported_whenItIsOutOfRange() {
    assertThat(faults(Duration.ofSeconds(5))).isEmpty();
    assertThat(faults(Duration.ZERO))
        .singleElement()
        .asString()
        .startsWith("gateway.uncertain.delay is PT0S: must be ");
    assertThat(faults(Claims.LONGEST.plusSeconds(1))).hasSize(1);
  }

  private static List<String> faults(Duration delay) {
    Faults faults = new Faults(false);
    new LedgerCheck(() -> delay).check(faults);
    return faults.all();
  }
}
