package org.psidgateway.limits;

import java.util.Arrays;
import java.util.List;
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
  static final int PROBES_UNTIL_SUSPICION = 8;
  static final int CLOSURES_UNTIL_SUSPICION = 3;

  /** How often one call finds out whether the app's proof is accepted by now. */
  static final long PROOF = 60_000_000;

  /** Likewise where a single Page's is not, while the pace is needed by the others. */
  static final long PROOF_OF_ONE_PAGE = 5 * PROOF;

  private static final double LITTLE_USE = 50;
  private static final long DAY = 86_400_000_000L;

  /** No upstream's word counts for longer: a time beyond comes from a clock that ran ahead. */
  private static final long LONGEST = DAY + DAY / 8;

  private static final long LONGEST_PROBE = 300_000_000;

  /** The Page's id, or {@link #APP}. */
  final long scope;

  /** No call is granted until then. */
  long cooldownUntil;

  /** Throttles in a row; while there are any, one probing call goes at a time. */
  int strikes;

  /** The call that may find out whether the cooldown is over, for no longer than a call takes. */
  @Nullable UUID probe;

  long probeUntil;

  /** Probes throttled in a row while the upstream told of little use. */
  int refusedProbes;

  /** Percent as told last; -1 where it never was. */
  int usage = -1;

  long usageAt;

  /** Theoretical arrival time, where the scope has a pace besides the app's. */
  long nextGrant;

  /** Answers in a row that the API is no more. */
  int closures;

  /** The Page that was told "not allowed" last; 0 for none since an answer. */
  long deniedPage;

  @Nullable Suspicion suspicion;

  /** A suspicion lets no call go until then, and a probe afterwards. */
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

  /** The usage as it counts now; 0 where nothing was ever told. */
  double usage(long now) {
    return usage < 0 ? 0 : UsageThrottle.decayed(usage, usageAt, now);
  }

  /** What is suspected, while that stops calls: between two probes, a day apart. */
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
   * After a throttle. Those of calls that were granted before the cooldown was over say nothing
   * new, however late they come.
   *
   * @param wait what the upstream asked for; 0 or less where it said nothing
   * @param jitter 1 or more: never earlier than told
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
   * After an answer that no limit stood in the way of: where the probe got it, all is well; unless
   * an earlier call has been throttled since the probe left.
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

  /** After "deprecated": thrice in a row, and the window seems closed. */
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
   * After a call whose proof was rejected: none goes for {@code wait}, and then one that probes.
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

  /** An operator's word: what is suspected is put to the test by the next call. */
  void trust() {
    if (suspicion != null) {
      suspectedUntil = 0;
      refusedProbes = PROBES_UNTIL_SUSPICION / 2;
      closures = 0;
      deniedPage = 0;
    }
  }

  /** All of it, to tell whether something has changed. */
  List<Object> values() {
    return Arrays.asList(
        cooldownUntil,
        strikes,
        probe,
        probeUntil,
        refusedProbes,
        usage,
        usageAt,
        nextGrant,
        closures,
        deniedPage,
        suspicion,
        suspectedUntil);
  }
}
