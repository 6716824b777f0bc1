package org.psidgateway.batch;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settled;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Fate;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Ticker;

/** Decides what a test has scripted; without a script, grants what fits into a call. */
final class ScriptedLedger implements Ledger {
  static final Seen NOTHING_SEEN = new Seen(List.of(), Map.of(), Set.of());
  static final Instant COMMITTED = Instant.parse("2026-03-01T10:00:00.7Z");

  /** One reserve's decision. */
  interface Line {
    Decision decide(Request request) throws SQLException;
  }

  /** One look at other pods' calls. */
  interface Look {
    Revisit at(Map<UUID, long[]> awaited) throws SQLException;
  }

  final List<Request> requests = new ArrayList<>();
  final List<Settlement> settled = new ArrayList<>();
  final List<Map<UUID, long[]>> looks = new ArrayList<>();
  final List<Duration> sent = new ArrayList<>();
  final Deque<Line> script = new ArrayDeque<>();
  final Deque<Look> lookScript = new ArrayDeque<>();

  /** Looks that are not scripted: the calls go on. */
  Look restOfLooks =
      awaited -> new Revisit(new Seen(List.of(), awaited, Set.of()), Duration.ofSeconds(1));

  int late;
  List<PageId> pages = List.of(new PageId(100));
  Set<Long> missing = Set.of();

  /** Mappings that somebody else stores meanwhile. */
  List<PageFindings> stored = List.of();

  int settlesThatFail;
  String settleFailure = "08006";
  boolean coolingDown;
  boolean probe;
  Duration sendWithin = Duration.ofSeconds(2);
  private final Ticker ticker;

  ScriptedLedger(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public Decision reserve(Request request) throws SQLException {
    requests.add(request);
    Line line = script.poll();
    return line == null ? grant(request) : line.decide(request);
  }

  Granted grant(Request request) {
    return grant(request, NOTHING_SEEN, request.candidates());
  }

  Granted grant(Request request, Seen seen, long... asids) {
    long[] some = Arrays.copyOf(asids, request.tariff().ids(asids.length));
    long now = ticker.nanos();
    return new Granted(
        request.call(some), pages, missing, 1, now, now + sendWithin.toNanos(), probe, seen);
  }

  static Decision wait(Duration delay, Fate why, boolean appWide) {
    return new Decision.Wait(delay, why, appWide, NOTHING_SEEN);
  }

  @Override
  public void sent(Duration after) {
    sent.add(after);
  }

  @Override
  public void late(Granted granted) {
    late++;
  }

  @Override
  public boolean coolingDown(PageId page) {
    return coolingDown;
  }

  @Override
  public Settled settle(Settlement settlement) throws SQLException {
    if (settlesThatFail > 0) {
      settlesThatFail--;
      throw new SQLException("not now", settleFailure);
    }
    settled.add(settlement);
    return new Settled(COMMITTED, stored);
  }

  @Override
  public Revisit revisit(Map<UUID, long[]> awaited, Map<PageId, long[]> wanted)
      throws SQLException {
    looks.add(awaited);
    Look look = lookScript.poll();
    return (look == null ? restOfLooks : look).at(awaited);
  }

  List<String> outcomes() {
    return settled.stream().map(Settlement::outcome).toList();
  }
}
