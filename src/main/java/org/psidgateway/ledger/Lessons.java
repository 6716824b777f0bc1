package org.psidgateway.ledger;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Settlement.Lesson;
import org.psidgateway.ledger.Settlement.Throttle;
import org.psidgateway.model.Usage;

/** What a settled call teaches all pods of the upstream's limits. The budget row is locked. */
final class Lessons {
  private static final double JITTER = 0.1;

  private final Rules rules;
  private final Settlement settlement;
  private final long grantedAt;

  private Lessons(Rules rules, Settlement settlement, long grantedAt) {
    this.rules = rules;
    this.settlement = settlement;
    this.grantedAt = grantedAt;
  }

  /** Whether there may be anything to learn; most calls say nothing new. */
  static boolean mayChange(Settlement settlement, boolean probe) {
    return probe
        || !settlement.usage().equals(Usage.UNKNOWN)
        || settlement.lesson() != Lesson.NOTHING && settlement.lesson() != Lesson.PASSED;
  }

  /** What {@link #learn} needs to know, with the budget row locked. */
  static void read(RoundTrip trip, Settlement settlement, Consumer<Standings.Now> into) {
    Reserve.lockBudget(trip);
    Standings.of(trip, settlement.call().page().value(), into);
  }

  /** Changes the standings as far as the call taught something new. */
  static void learn(
      RoundTrip trip, Settlement settlement, long grantedAt, Standings.Now standings, Rules rules) {
    new Lessons(rules, settlement, grantedAt).apply(standings, trip);
  }

  private void apply(Standings.Now standings, RoundTrip changes) {
    Standing app = standings.of(Standing.APP);
    Standing own = standings.of(settlement.call().page().value());
    List<Object> appBefore = app.state();
    List<Object> ownBefore = own.state();
    app.told(settlement.usage().app(), standings.now());
    own.told(settlement.usage().page(), standings.now());
    apply(standings.now(), app, own);
    if (!appBefore.equals(app.state())) {
      Standings.save(changes, app);
    }
    if (!ownBefore.equals(own.state())) {
      Standings.save(changes, own);
    }
  }

  private void apply(long now, Standing app, Standing own) {
    UUID call = settlement.call().id();
    if (settlement.lesson() == Lesson.THROTTLED) {
      throttled(now, app, own);
    } else if (settlement.lesson() == Lesson.NOTHING) {
      app.undecided(call);
      own.undecided(call);
    } else {
      app.passed(call, now);
      own.passed(call, now);
    }
    switch (settlement.lesson()) {
      case OPEN -> {
        app.open();
        own.open();
      }
      case RETIRED -> app.retired(now);
      case DENIED -> app.denied(own.scope, now);
      case UNPROVEN -> unproven(now, app, own);
      default -> {}
    }
  }

  /**
   * The app's trouble, as its secret signs for all Pages; unless others have been answered since
   * this Page was refused: then its token belongs to another app.
   */
  private static void unproven(long now, Standing app, Standing own) {
    if (own.unproven() && !app.unproven()) {
      own.unproven(now, Standing.PROOF_OF_ONE_PAGE);
    } else {
      own.unproven(now, Standing.PROOF);
      app.unproven(now, Standing.PROOF);
    }
  }

  private void throttled(long now, Standing app, Standing own) {
    Throttle throttle = settlement.throttle();
    if (throttle == null) {
      return;
    }
    UUID call = settlement.call().id();
    long wait = throttle.regainAfter().map(d -> d.toNanos() / 1000).orElse(0L);
    double jitter = 1 + ThreadLocalRandom.current().nextDouble(JITTER); // never earlier than told
    Standing struck = throttle.appWide() ? app : own;
    struck.throttled(call, grantedAt, now, wait, rules.cooldown(), jitter);
    (throttle.appWide() ? own : app).undecided(call);
  }
}
