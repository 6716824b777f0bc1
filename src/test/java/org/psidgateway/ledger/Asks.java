package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;

/** What a batch asks of a ledger, and reports to it. */
final class Asks {
  static final PageId PAGE = new PageId(100);
  static final PageId OTHER_PAGE = new PageId(200);

  private Asks() {}

  static Ledger.Request request(long... asids) {
    return request(PAGE, Lane.INTERACTIVE, asids);
  }

  static Ledger.Request background(long... asids) {
    return request(PAGE, Lane.BACKGROUND, asids);
  }

  static Ledger.Request request(PageId page, Lane lane, long... asids) {
    return new Ledger.Request(
        UUID.randomUUID(),
        page,
        lane,
        asids,
        OneCaller.of(asids),
        Map.of(page, asids),
        Set.of(),
        Tariffs.PER_BATCH,
        false,
        false,
        Duration.ofSeconds(10));
  }

  static Ledger.Request retry(long... asids) {
    return new Ledger.Request(
        UUID.randomUUID(),
        PAGE,
        Lane.INTERACTIVE,
        asids,
        OneCaller.of(asids),
        Map.of(PAGE, asids),
        Set.of(),
        Tariffs.PER_BATCH,
        false,
        true,
        Duration.ofSeconds(10));
  }

  static Granted granted(Decision decision) {
    assertThat(decision).isInstanceOf(Granted.class);
    return (Granted) decision;
  }

  static Wait waits(Decision decision) {
    assertThat(decision).isInstanceOf(Wait.class);
    return (Wait) decision;
  }

  static Denied denied(Decision decision) {
    assertThat(decision).isInstanceOf(Denied.class);
    return (Denied) decision;
  }

  static Settlement answer(Granted granted) {
    return answer(granted, Usage.UNKNOWN);
  }

  /** Every id has a PSID. */
  static Settlement answer(Granted granted, Usage usage) {
    long[] psids = Arrays.stream(granted.asids()).map(asid -> asid + 1_000_000).toArray();
    return Settlement.answered(
        granted.call(), Findings.of(granted.asids(), psids), psids.length, usage);
  }

  static long[] ids(long from, long to) {
    return LongStream.rangeClosed(from, to).toArray();
  }
}
