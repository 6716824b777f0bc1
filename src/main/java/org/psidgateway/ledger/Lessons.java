package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.psidgateway.ledger.Settlement.Lesson;
import org.psidgateway.ledger.Settlement.Throttle;
import org.psidgateway.model.Usage;

/** What a settled call teaches all pods of the upstream's limits. The budget row is locked. */
final class Lessons {
  private static final double JITTER = 0.1;

  private final Connection connection;
  private final Rules rules;

  Lessons(Connection connection, Rules rules) {
    this.connection = connection;
    this.rules = rules;
  }

  /** Whether there may be anything to learn; most calls say nothing new. */
  static boolean mayChange(Settlement settlement, boolean probe) {
    return probe
        || !settlement.usage().equals(Usage.UNKNOWN)
        || settlement.lesson() != Lesson.NOTHING && settlement.lesson() != Lesson.PASSED;
  }

  void learn(Settlement settlement, long grantedAt) throws SQLException {
    long page = settlement.grant().page().value();
    Standings.Now standings = Standings.of(connection, page);
    Standing app = standings.of(Standing.APP);
    Standing own = standings.of(page);
    List<Object> appBefore = app.state();
    List<Object> ownBefore = own.state();
    app.told(settlement.usage().app(), standings.now());
    own.told(settlement.usage().page(), standings.now());
    apply(settlement, grantedAt, standings.now(), app, own);
    if (!appBefore.equals(app.state())) {
      Standings.save(connection, app);
    }
    if (!ownBefore.equals(own.state())) {
      Standings.save(connection, own);
    }
  }

  private void apply(Settlement settlement, long grantedAt, long now, Standing app, Standing own) {
    UUID call = settlement.grant().callId();
    if (settlement.lesson() == Lesson.THROTTLED) {
      throttled(settlement, grantedAt, now, app, own);
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

  private void throttled(
      Settlement settlement, long grantedAt, long now, Standing app, Standing own) {
    Throttle throttle = settlement.throttle();
    if (throttle == null) {
      return;
    }
    UUID call = settlement.grant().callId();
    long wait = throttle.regainAfter().map(d -> d.toNanos() / 1000).orElse(0L);
    double jitter = 1 + ThreadLocalRandom.current().nextDouble(JITTER); // never earlier than told
    Standing struck = throttle.appWide() ? app : own;
    struck.throttled(call, grantedAt, now, wait, rules.cooldown(), jitter);
    (throttle.appWide() ? own : app).undecided(call);
  }
}
