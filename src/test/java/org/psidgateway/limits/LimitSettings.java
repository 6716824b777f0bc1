package org.psidgateway.limits;

import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Tariffs;

/** The configuration of limits in tests, and what comes of it without a container. */
public record LimitSettings(
    int calls,
    Duration per,
    int burst,
    long ceiling,
    double uncertainCap,
    Map<Long, PagePace> pagePaces,
    Optional<LocalDate> closedOn) {

  /** A Page's own pace. */
  public record PagePace(int calls, Duration per) implements PagePaceConfig.Own {
    @Override
    public OptionalInt paceCalls() {
      return OptionalInt.of(calls);
    }

    @Override
    public Optional<Duration> pacePer() {
      return Optional.of(per);
    }
  }

  /** No pace, plenty of quota. */
  public static LimitSettings unlimited() {
    return new LimitSettings(
        0, Duration.ofHours(1), 3, 5_000_000, 0.01, Map.of(), Optional.empty());
  }

  public LimitSettings withPace(int calls, Duration per, int burst) {
    return new LimitSettings(calls, per, burst, ceiling, uncertainCap, pagePaces, closedOn);
  }

  public LimitSettings withCeiling(long ceiling) {
    return new LimitSettings(calls, per, burst, ceiling, uncertainCap, pagePaces, closedOn);
  }

  public LimitSettings withUncertainCap(double cap) {
    return new LimitSettings(calls, per, burst, ceiling, cap, pagePaces, closedOn);
  }

  public LimitSettings withPagePace(long page, int pageCalls, Duration pagePer) {
    Map<Long, PagePace> own = Map.of(page, new PagePace(pageCalls, pagePer));
    return new LimitSettings(calls, per, burst, ceiling, uncertainCap, own, closedOn);
  }

  public LimitSettings withClosedOn(LocalDate date) {
    return new LimitSettings(
        calls, per, burst, ceiling, uncertainCap, pagePaces, Optional.of(date));
  }

  public Limits limits() {
    return limits(Tariffs.PER_BATCH);
  }

  public Limits limits(Tariff tariff) {
    Map<String, PagePaceConfig.Own> paces = new HashMap<>();
    pagePaces.forEach((page, pace) -> paces.put(Long.toString(page), pace));
    return new Limits(
        new Paces(calls, per, burst),
        () -> paces,
        new Quotas(ceiling, 0.01, uncertainCap, 0.05),
        new Windows(Optional.empty(), Period.ofDays(180), closedOn),
        new Cooldowns(Duration.ofSeconds(2), Duration.ofHours(1)),
        () -> 0.1,
        tariff);
  }

  private record Paces(int calls, Duration per, int burst) implements PaceConfig {}

  private record Quotas(long ceiling, double fanShare, double uncertainCap, double reserveFloor)
      implements QuotaConfig {}

  private record Windows(
      Optional<LocalDate> approvedOn, Period length, Optional<LocalDate> closedOn)
      implements WindowConfig {}

  record Cooldowns(Duration initial, Duration max) implements CooldownConfig {}
}
