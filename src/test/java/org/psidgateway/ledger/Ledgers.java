package org.psidgateway.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.UUID;
import javax.sql.DataSource;
import org.psidgateway.books.Bookkeeping;
import org.psidgateway.books.Books;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.store.MappingStore;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.time.Ticker;

/** Real ledgers on a given database, without a container: each one is a pod's. */
public record Ledgers(LimitSettings limits, Duration uncertainDelay, Tariff tariff) {

  /** No pace, plenty of quota. */
  public static Ledgers unlimited() {
    return new Ledgers(LimitSettings.unlimited(), Duration.ofSeconds(5), Tariffs.PER_BATCH);
  }

  public Ledgers withPace(int calls, Duration per, int burst) {
    return with(limits.withPace(calls, per, burst));
  }

  public Ledgers withCeiling(long ceiling) {
    return with(limits.withCeiling(ceiling));
  }

  public Ledgers withUncertainDelay(Duration delay) {
    return new Ledgers(limits, delay, tariff);
  }

  public Ledgers withUncertainCap(double cap) {
    return with(limits.withUncertainCap(cap));
  }

  public Ledgers withPagePace(long page, int pageCalls, Duration pagePer) {
    return with(limits.withPagePace(page, pageCalls, pagePer));
  }

  public Ledgers withClosedOn(LocalDate date) {
    return with(limits.withClosedOn(date));
  }

  public Ledgers withTariff(Tariff other) {
    return new Ledgers(limits, uncertainDelay, other);
  }

  private MappingStore store(DataSource dataSource) {
    return Stores.on(
        dataSource,
        tariff.spendsQuota() ? UpstreamKind.PAGES_ID_MAPPING : UpstreamKind.ID_MATCHING);
  }

  private Ledgers with(LimitSettings changed) {
    return new Ledgers(changed, uncertainDelay, tariff);
  }

  public LedgerPod on(DataSource dataSource) {
    return on(dataSource, Ledgers::noAccount);
  }

  /** The same, for calls that are made for accounts. */
  public LedgerPod on(DataSource dataSource, Accounts accounts) {
    return new LedgerPod(
        dataSource,
        limits.limits(tariff),
        store(dataSource),
        () -> uncertainDelay,
        accounts,
        Ticker.system());
  }

  private static Account noAccount(UUID id, PageId page) {
    throw new AssertionError("no call here is of an account");
  }

  /** What operators see of them. */
  public Books books(DataSource dataSource, InstantSource clock) {
    return Bookkeeping.on(dataSource, limits.limits(tariff), tariff, clock);
  }

  /** The decision by itself, for tests that choose the deadline of a call. */
  Reserve reserve(DataSource dataSource) {
    return new Reserve(limits.limits(tariff), store(dataSource), Ticker.system());
  }
}
