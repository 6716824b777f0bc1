package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Beside;

/** Which pod gives calls up, when, and what a clock that was wrong leaves behind. */
@Beside
class SweepTest extends TwoPods {

  @Test
  void callThatCannotBeSwept_keepsNoOtherOneWaiting() throws SQLException {
    Granted stuck = granted(one.reserve(request(1)));
    granted(one.reserve(request(2)));
    execute(
        "create function refuse() returns trigger language plpgsql as $$ begin"
            + " raise 'no' using errcode = '23514'; end $$");
    execute(
        "create trigger refuse before update of state on call for each row when (old.call_id = '"
            + stuck.callId()
            + "') execute function refuse()");
    clock.advance(Duration.ofSeconds(16));

    assertThatThrownBy(two::sweep).isInstanceOf(SQLException.class);

    assertThat(books.quota().held()).isEqualTo(1);
    assertThat(books.quota().uncertain()).isEqualTo(1);
  }

  @Test
  void oneSweeperAtATime_andTheNextOneOnceItIsSilent() throws SQLException {
    granted(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(16));
    execute("update lease set holder = gen_random_uuid(), until = ledger_now() + interval '10 s'");
    assertThat(one.sweep()).isZero();

    clock.advance(Duration.ofSeconds(11));

    assertThat(two.sweep()).isEqualTo(1);
    granted(one.reserve(request(2)));
    clock.advance(Duration.ofSeconds(3));
    assertThat(one.sweep()).isZero();
    two.stopSweeping();
    clock.advance(Duration.ofSeconds(14));
    assertThat(one.sweep()).isEqualTo(1);
  }

  @Test
  void afterARestartOfPostgres_theBurstIsUsedUp_andNothingIsGivenUpForATerm() throws SQLException {
    pods(Ledgers.unlimited().withPace(100, Duration.ofSeconds(100), 3));
    granted(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(16));
    execute("update budget set server_started = server_started - interval '1 second'");

    assertThat(waits(two.reserve(request(2))).delay())
        .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(3)); // pods settle again first
    assertThat(one.sweep()).isZero();
    clock.advance(Duration.ofSeconds(4));
    granted(two.reserve(request(2)));
    clock.advance(Duration.ofSeconds(7));
    assertThat(one.sweep()).isEqualTo(1);
  }

  @Test
  void clockSetBack_leavesNoClaimBehind_thoughNoCallIsOfTheFuture() throws SQLException {
    lose(granted(one.reserve(request(1))));
    execute("update claim set lapses_at = ledger_now() + interval '1 day'");
    execute("update call set granted_at = granted_at - interval '1 minute'");

    two.sweep();
    clock.advance(Duration.ofMinutes(61));

    assertThat(granted(two.reserve(request(1))).asids()).containsExactly(1);
  }

  @Test
  void clockSetBack_leavesNoProbeAndNoCallBehind() throws SQLException {
    clock.advance(Duration.ofHours(5));
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    granted(one.reserve(request(1))); // the prober dies, and the clock is set right
    clock.advance(Duration.ofHours(-5));
    execute("update lease set until = 'epoch'");
    execute("update standing set cooldown_until = 'epoch'"); // of a day at most

    two.sweep();
    clock.advance(Duration.ofMinutes(1));
    assertThat(two.sweep()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(6));

    assertThat(granted(two.reserve(request(1))).asids()).containsExactly(1);
  }

  @Test
  void clockThatRanAhead_stopsNobodyForLongerThanAWindow() throws SQLException {
    pods(Ledgers.unlimited().withPace(1, Duration.ofMinutes(1), 1));
    clock.advance(Duration.ofDays(1));
    Granted granted = granted(one.reserve(request(1)));
    one.settle(
        Settlement.throttled(
            granted.call(), true, Optional.of(Duration.ofHours(20)), "4", Usage.UNKNOWN));
    clock.advance(Duration.ofDays(-1));

    one.sweep();
    clock.advance(Duration.ofSeconds(62));

    assertThat(granted(one.reserve(request(1))).asids()).hasSize(1);
  }
}
