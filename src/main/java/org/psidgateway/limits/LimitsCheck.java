package org.psidgateway.limits;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Period;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Checks the numbers of pace, quota, window and cooldowns, alone and together. */
@Singleton
class LimitsCheck implements StartupCheck {
  /** Up to this, sums and products do not overflow. */
  private static final long MOST_UNITS = 1_000_000_000_000L;

  /** A grant may walk over this many entries, and an upgrade fills in as many. */
  private static final int MOST_CALLS = 100_000;

  private static final Duration LONGEST_WINDOW = Duration.ofDays(30);

  /** A stored time that lies further ahead is taken for one of a clock that was wrong. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final PaceConfig pace;
  private final PagePaceConfig pages;
  private final QuotaConfig quota;
  private final WindowConfig window;
  private final CooldownConfig cooldown;
  private final RetryBudgetConfig retry;
  private final Tariff tariff;

  LimitsCheck(
      PaceConfig pace,
      PagePaceConfig pages,
      QuotaConfig quota,
      WindowConfig window,
      CooldownConfig cooldown,
      RetryBudgetConfig retry,
      Tariff tariff) {
    this.tariff = tariff;
    this.pace = pace;
    this.pages = pages;
    this.quota = quota;
    this.window = window;
    this.cooldown = cooldown;
    this.retry = retry;
  }

  @Override
  public void check(Faults faults) {
    faults.between("gateway.pace.calls", pace.calls(), 0, MOST_CALLS);
    faults.positive("gateway.pace.per", pace.per(), LONGEST_WINDOW);
    faults.between("gateway.pace.burst", pace.burst(), 1, MOST_CALLS);
    pages.pages().forEach((id, own) -> check(id, own, faults));
    faults.between("gateway.quota.ceiling", quota.ceiling(), 0, MOST_UNITS);
    faults.share("gateway.quota.fan-share", quota.fanShare());
    faults.share("gateway.quota.reserve-floor", quota.reserveFloor());
    faults.share("gateway.quota.uncertain-cap", quota.uncertainCap());
    faults.share("gateway.retry.budget", retry.budget());
    Period length = window.length();
    faults.require(
        !length.isNegative() && !length.isZero(), "gateway.window.length", length, "above P0D");
    window
        .approvedOn()
        .flatMap(approved -> window.closedOn().filter(closed -> closed.isBefore(approved)))
        .ifPresent(
            closed ->
                faults.add(
                    "gateway.window.closed-on is %s: must not be before gateway.window.approved-on"
                        .formatted(closed)));
    faults.positive("gateway.cooldown.initial", cooldown.initial(), LONGEST_WAIT);
    faults.positive("gateway.cooldown.max", cooldown.max(), LONGEST_WAIT);
    faults.require(
        cooldown.max().compareTo(cooldown.initial()) >= 0,
        "gateway.cooldown.max",
        cooldown.max(),
        "gateway.cooldown.initial (" + cooldown.initial() + ") or more");
  }

  private void check(String id, PagePaceConfig.Own own, Faults faults) {
    String key = "gateway.pages.\"" + id + "\".pace-";
    if (own.paceCalls().isPresent() != own.pacePer().isPresent()) {
      faults.add(key + "calls and " + key + "per go together: set both, or neither");
    }
    own.paceCalls().ifPresent(calls -> faults.between(key + "calls", calls, 0, MOST_CALLS));
    own.pacePer().ifPresent(per -> faults.positive(key + "per", per, LONGEST_WINDOW));
    if (tariff.perPerson() && own.paceCalls().orElse(0) != 0) {
      faults.add(
          key
              + "calls can't be kept with gateway.upstream.harvest, which asks for all Pages at once:"
              + " unset one of them");
    }
    if ((own.paceCalls().isPresent() || own.pacePer().isPresent()) && PageId.parse(id).isEmpty()) {
      faults.add(key + "* is set for no Page id");
    }
  }
}
