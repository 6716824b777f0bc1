package org.psidgateway.limits;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream has said about its limits for the app, or for one Page: a row of {@code
 * standing}. Changed only while the budget row is locked. Pure arithmetic on microseconds of {@code
 * ledger_now()}. Not thread-safe.
 */
final class LimitState {
  static final long APP = 0;

  /** Of no Page in particular: never stored. */
  static final long NONE = -1;

  static final int PROBES_UNTIL_SUSPICION = 8;
  static final int CLOSURES_UNTIL_SUSPICION = 3;

  /** How often one call finds out whether the app's proof is accepted by now. */
  static final long PROOF = 60_000_000;

  /** Likewise for a single Page whose proof is rejected, while the others need the pace. */
  static final long PROOF_OF_ONE_PAGE = 5 * PROOF;

  private static final double LITTLE_USE = 50;
  private static final long DAY = 86_400_000_000L;

  /**
   * Nothing that the upstream says holds for longer: a later time comes from a clock that ran
   * ahead.
   */
  private static final long LONGEST = DAY + DAY / 8;

  private static final long LONGEST_PROBE = 300_000_000;

  /** The Page's id, {@link #APP}, or {@link #NONE}. */
  final long scope;

  /** No call is granted until then. */
  long cooldownUntil;

  /** Throttles in a row; while there are any, one probing call goes at a time. */
  int strikes;

  /** The call that may find out whether the cooldown is over, for no longer than a call takes. */
  @Nullable UUID probe;

  long probeUntil;

  /** Probes throttled in a row while the upstream reported little use. */
  int refusedProbes;

  /** Percent as last reported; -1 if it never was. */
  int usage = -1;

  long usageAt;

  /** Theoretical arrival time, for a Page with a pace of its own. */
  long nextGrant;

  /** Answers in a row that the API no longer exists. */
  int closures;

  /** The Page that was last refused as "not allowed"; 0 for none since an answer. */
  long deniedPage;

  @Nullable Suspicion suspicion;

  /** A suspicion blocks calls until then, and lets one probe through afterwards. */
  long suspectedUntil;

  LimitState(long scope) {
    this.scope = scope;
  }

  boolean cooling(long now) {
    return cooldownUntil > now && cooldownUntil <= now + LONGEST;
  }

  /** Whether a probe is under way, so that everybody else waits for what it finds out. */
  boolean probing(long now) {
    return strikes > 0 && probe != null && probeUntil > now && probeUntil <= now + LONGEST_PROBE;
  }

  /** The usage as it counts now; 0 if none was ever reported. */
  double usage(long now) {
    return usage < 0 ? 0 : UsageThrottle.decayed(usage, usageAt, now);
  }

  /** What is suspected, while that stops calls: between two probes, which are a day apart. */
  Optional<Suspicion> stopping(long now) {
    return suspectedUntil > now && suspectedUntil <= now + LONGEST
        ? Optional.ofNullable(suspicion)
        : Optional.empty();
  }

  /** A call was granted that finds out whether the cooldown is over, for {@code until} at most. */
  void probedBy(UUID call, long until) {
    probe = call;
    probeUntil = until;
  }

  void reported(int percent, long now) {
    if (percent >= 0) {
      usage = percent;
      usageAt = now;
    }
  }

  /**
   * After a throttle. A call that was granted before the cooldown was over says nothing new,
   * however late its answer comes.
   *
   * @param wait what the upstream asked for; 0 or less if it did not say
   * @param jitter 1 or more: never earlier than asked
   */
  void throttled(
      UUID call, long grantedAt, long now, long wait, CooldownConfig config, double jitter) {
    boolean probed = call.equals(probe);
    if (strikes == 0 || probed || !cooling(now) && grantedAt >= cooldownUntil) {
      strikes++;
    }
    long until = now + (long) ((wait > 0 ? wait : backOff(config)) * jitter);
    cooldownUntil = cooling(now) ? Math.max(cooldownUntil, until) : until;
    if (probed) {
      refusedProbes = usage(now) < LITTLE_USE ? refusedProbes + 1 : 0;
      noProbe();
    }
    if (scope == APP && refusedProbes >= PROBES_UNTIL_SUSPICION) {
      suspicion =
          suspicion == Suspicion.WINDOW_SUSPECTED_CLOSED
              ? suspicion
              : Suspicion.UPSTREAM_QUOTA_SUSPECTED;
      suspectedUntil = now + DAY;
    }
  }

  private double backOff(CooldownConfig config) {
    double doubled = config.initial().toNanos() / 1e3 * Math.pow(2, Math.min(strikes - 1, 40));
    return Math.min(config.max().toNanos() / 1e3, doubled);
  }

  /**
   * After an answer that no limit stood in the way of. If the probe got it, all is well, unless an
   * earlier call has been throttled since the probe left.
   */
  void passed(UUID call, long now) {
    if (!call.equals(probe)) {
      return;
    }
    noProbe();
    if (!cooling(now)) {
      strikes = 0;
      refusedProbes = 0;
      if (suspicion == Suspicion.UPSTREAM_QUOTA_SUSPECTED) {
        suspicion = null;
        suspectedUntil = 0;
      }
    }
  }

  private void noProbe() {
    probe = null;
    probeUntil = 0;
  }

  /** After a call that says nothing of limits: the next one may probe. */
  void undecided(UUID call) {
    if (call.equals(probe)) {
      noProbe();
    }
  }

  /** After an answer about ids: the API is open. */
  void open() {
    closures = 0;
    deniedPage = 0;
    if (suspicion == Suspicion.WINDOW_SUSPECTED_CLOSED || unproven()) {
      suspicion = null;
      suspectedUntil = 0;
    }
  }

  /** After "deprecated": three times in a row, and the window seems closed. */
  void retired(long now) {
    closures++;
    if (closures >= CLOSURES_UNTIL_SUSPICION) {
      seemsClosed(now);
    }
  }

  /** After "not allowed" on a Page: on two Pages in a row it concerns the app. */
  void denied(long page, long now) {
    if (deniedPage != 0 && deniedPage != page) {
      seemsClosed(now);
    }
    deniedPage = page;
  }

  /** Whether the proof was rejected, and none was accepted since. */
  boolean unproven() {
    return suspicion == Suspicion.APP_SECRET_REJECTED;
  }

  /**
   * After a call whose proof was rejected: no call goes out for {@code wait}, then one that probes.
   */
  void unproven(long now, long wait) {
    suspect(Suspicion.APP_SECRET_REJECTED, now + wait);
  }

  private void seemsClosed(long now) {
    suspect(Suspicion.WINDOW_SUSPECTED_CLOSED, now + DAY);
  }

  private void suspect(Suspicion what, long until) {
    suspicion = what;
    suspectedUntil = until;
    strikes = Math.max(1, strikes);
    noProbe();
  }

  /** An operator orders that the next call puts what is suspected to the test. */
  void trust() {
    if (suspicion != null) {
      suspectedUntil = 0;
      refusedProbes = PROBES_UNTIL_SUSPICION / 2;
      closures = 0;
      deniedPage = 0;
    }
  }
}
