package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {
  private final NearestKey nearest =
      new NearestKey(
          Set.of(
              "gateway.pace.calls",
              "gateway.pace.per",
              "gateway.app.secret",
              "gateway.callers.*.roles",
              "gateway.pages.*.token"));

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          gateway.pace.cals,          gateway.pace.calls
          GATEWAY_PACE_CALL,          GATEWAY_PACE_CALLS
          GATEWAY_APP_SECRT,          GATEWAY_APP_SECRET
          GATEWAY_CALLERS__CRM__ROLE, GATEWAY_CALLERS__<name>__ROLES
          GATEWAY_PAGES_100_TOKEN,    GATEWAY_PAGES__<name>__TOKEN
          gateway.callers.crm.rolls,  gateway.callers."<name>".roles
          """)
  void misspeltKey_isSuggested(String misspelt, String meant) {
    assertThat(nearest.to(misspelt)).contains(meant);
  }

  @Test
  void nothing_isSuggested_whenNothingIsNear() {
    assertThat(nearest.to("gateway.foo")).isEmpty();
    assertThat(nearest.to("GATEWAY_SERVICE_HOST")).isEmpty();
  }
}
