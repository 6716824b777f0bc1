package org.psidgateway.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.CompositeException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {

  @ParameterizedTest
  @NullSource // the pool's own
  @ValueSource(
      strings = {
        "08001", "08006", "25006", "25P03", "28P01", "28000", "3D000", "40P01", "53300", "55000",
        "55P03", "57014", "57P01", "57P03", "58030", "XX000"
      })
  void serverThatCannotServe_isAnOutage(String state) {
    assertThat(Outage.is(new SQLException("a detail", state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0A000", "22003", "23505", "42601", "42501"})
  void statementAtFault_isNone(String state) {
    assertThat(Outage.is(new SQLException("a detail", state))).isFalse();
    assertThat(Outage.is(new IllegalStateException(new SQLException("a detail", state)))).isFalse();
  }

  @Test
  void outage_isFound_howeverItIsWrapped() {
    SQLException readOnly = new SQLException("a detail", "25006");
    assertThat(Outage.is(new CompletionException(new IllegalStateException(readOnly)))).isTrue();
    assertThat(Outage.is(new CompositeException(new IllegalStateException(), readOnly))).isTrue();
    assertThat(
            Outage.is(new CompositeException(new TimeoutException(), new IllegalStateException())))
        .isTrue();
    IllegalStateException loop = new IllegalStateException();
    loop.initCause(new IllegalArgumentException(loop));
    assertThat(Outage.is(loop)).isFalse();
  }

  @Test
  void description_hasTheState_andNoText() {
    assertThat(Outage.describe(new IllegalStateException(new SQLException("a detail", "25006"))))
        .isEqualTo("SQL state 25006");
    assertThat(Outage.describe(new TimeoutException("a detail"))).isEqualTo("TimeoutException");
  }

  @Test
  void connectionThatIsRefused_endedOrMissing_isOneCause_andAReadOnlyServerAnother() {
    for (String state : new String[] {null, "08001", "08006", "57P01", "57P03"}) {
      assertThat(Outage.cause(new RuntimeException(new SQLException("x", state)))).isEqualTo("08");
    }
    assertThat(Outage.cause(new TimeoutException())).isEqualTo("08");
    assertThat(Outage.cause(new SQLException("x", "25006"))).isEqualTo("25");
    assertThat(Outage.cause(new SQLException("x", "53300"))).isEqualTo("53");
  }
}
