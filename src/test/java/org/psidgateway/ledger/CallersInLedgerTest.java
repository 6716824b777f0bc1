package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.granted;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.CallerSpending;
import org.psidgateway.books.LedgerEntry;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;

/** Who asked for what a call spent. */
@Beside
class CallersInLedgerTest extends OneLedger {
  private static final Instant EVER = Instant.EPOCH;

  /** Ids below 10 are the CRM's, all others the shop's. */
  private static Ledger.Request request(long... asids) {
    String[] callers = new String[asids.length];
    for (int i = 0; i < asids.length; i++) {
      callers[i] = asids[i] < 10 ? OneCaller.NAME : "shop";
    }
    return new Ledger.Request(
        UUID.randomUUID(),
        PAGE,
        Lane.INTERACTIVE,
        asids,
        callers,
        Map.of(PAGE, asids),
        Set.of(),
        Tariffs.PER_BATCH,
        false,
        false,
        Duration.ofSeconds(10));
  }

  private static Settlement answered(Granted granted, int returned, long... verdicts) {
    return Settlement.answered(
        granted.call(), Findings.of(granted.asids(), verdicts), returned, Usage.UNKNOWN);
  }

  private Map<String, Integer> callersOfTheLatest() throws SQLException {
    return ((LedgerEntry.Call) books.entries(Long.MAX_VALUE, 1).get(0)).callers();
  }

  private CallerSpending spent(String caller) throws SQLException {
    return books.callers(EVER).stream()
        .filter(one -> caller.equals(one.caller()))
        .findFirst()
        .orElse(new CallerSpending(caller, 0, 0, 0));
  }

  @Test
  void entry_hasTheCallersOfTheIdsThatWereGranted_fromTheGrantOn() throws SQLException {
    ledger.settle(answer(granted(ledger.reserve(request(1, 11)))));

    Granted granted = granted(ledger.reserve(request(12, 1, 2, 11, 13))); // 1 and 11 are known

    assertThat(granted.asids()).containsExactly(12, 2, 13);
    assertThat(callersOfTheLatest()).isEqualTo(Map.of("crm", 1, "shop", 2));
    ledger.settle(Settlement.uncertain(granted.call(), "timeout"));
    assertThat(callersOfTheLatest()).isEqualTo(Map.of("crm", 1, "shop", 2));
    assertThat(spent("shop")).isEqualTo(new CallerSpending("shop", 1, 2, 0.5));
  }

  @Test
  void conversions_countForWhoeverAskedFirst_andAddUpToWhatIsCommitted() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3, 11)));

    Settlement answer = answered(granted, 4, 101, Verdict.UNMAPPED, 103, 111); // one came twice
    ledger.settle(answer);
    ledger.settle(answer);

    assertThat(books.callers(EVER))
        .containsExactly(
            new CallerSpending("crm", 3, 1, 0.75), new CallerSpending("shop", 1, 1, 0.25));
    assertThat(books.quota().committed()).isEqualTo(4);
  }

  @Test
  void callOfUnknownOutcome_counts_andItsLateAnswerBringsTheConversions() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 11)));
    clock.advance(Duration.ofMinutes(1));
    assertThat(ledger.sweep()).isEqualTo(1);
    assertThat(spent("crm")).isEqualTo(new CallerSpending("crm", 0, 1, 0));

    ledger.settle(answered(granted, 1, 101, Verdict.UNMAPPED));

    assertThat(spent("crm").conversions()).isEqualTo(1);
    assertThat(spent("shop").conversions()).isZero();
  }

  @Test
  void callThatNeverLeft_isNobodys() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 11)));
    ledger.settle(Settlement.unsent(granted.call(), "late"));

    assertThat(books.callers(EVER)).isEmpty();
    assertThat(callersOfTheLatest()).isEqualTo(Map.of("crm", 1, "shop", 1));
  }

  @Test
  void callThatTheDatabaseForgot_isInsertedWithItsCallers() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 11, 12)));
    Granted lost = granted(ledger.reserve(request(21)));
    sql.execute("delete from call", "delete from claim", "update budget set held = 0");

    ledger.settle(answered(granted, 2, 101, 111, Verdict.UNMAPPED));
    assertThat(callersOfTheLatest()).isEqualTo(Map.of("crm", 1, "shop", 2));
    ledger.settle(Settlement.uncertain(lost.call(), "timeout"));

    assertThat(callersOfTheLatest()).isEqualTo(Map.of("shop", 1));
    assertThat(spent("crm")).isEqualTo(new CallerSpending("crm", 1, 1, 0.5));
    assertThat(spent("shop")).isEqualTo(new CallerSpending("shop", 1, 2, 0.5));
  }

  @Test
  void callFromBeforeTheRecord_isWithoutACaller() throws SQLException {
    ledger.settle(answer(granted(ledger.reserve(request(1, 2, 3)))));
    sql.execute("update call set callers = null, caller_ids = null, caller_psids = null");
    ledger.settle(answer(granted(ledger.reserve(request(4)))));

    assertThat(books.callers(EVER))
        .containsExactly(
            new CallerSpending(null, 3, 1, 0.75), new CallerSpending("crm", 1, 1, 0.25));
  }

  @Test
  void callers_areThoseSinceTheMomentAskedFor() throws SQLException {
    ledger.settle(answer(granted(ledger.reserve(request(1)))));
    clock.advance(Duration.ofDays(1));
    Instant between = clock.instant().minus(Duration.ofHours(1));
    ledger.settle(answer(granted(ledger.reserve(request(11, 12)))));

    assertThat(books.callers(between)).containsExactly(new CallerSpending("shop", 2, 1, 1));
    double all = books.callers(EVER).stream().mapToDouble(CallerSpending::share).sum();
    assertThat(all).isCloseTo(1, Offset.offset(1e-9));
  }

  @Test
  void meter_countsByConfiguredCaller_andAllOthersTogether() throws SQLException {
    assertThat(counted("crm")).isZero();
    assertThat(counted("other")).isZero();

    Settlement answer = answer(granted(ledger.reserve(request(1, 2, 11))));
    ledger.settle(answer);

    assertThat(counted("crm")).isEqualTo(2);
    assertThat(counted("other")).isEqualTo(1);
  }

  private double counted(String caller) {
    return ledger.registry.get("gateway.conversions").tag("caller", caller).counter().count();
  }
}
