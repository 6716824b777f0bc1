package org.psidgateway.chaos;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Plays scenarios one after the other in one arena, and audits after each. */
final class Stage implements AutoCloseable {
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(60);
  private static final System.Logger LOG = System.getLogger("chaos");

  final Arena arena;
  private final Table table;
  private final Set<Finding> reported = new HashSet<>();
  private Counts counted;

  Stage(Arena arena, Table table) {
    this.arena = arena;
    this.table = table;
    counted = Counts.of(arena);
  }

  /** Fails if a promise did not hold that had held before. */
  void play(Scenario scenario) {
    LOG.log(Level.INFO, "chaos: " + scenario.name());
    long start = System.nanoTime();
    List<Finding> ofNow = new ArrayList<>();
    Duration recovery = Duration.ZERO;
    try {
      recovery = underLoad(scenario, ofNow);
    } catch (RuntimeException | AssertionError e) {
      ofNow.add(new Finding("scenario", e.toString()));
      LOG.log(Level.WARNING, "chaos: " + scenario.name() + " broke off", e);
    }
    ofNow.addAll(arena.traffic.takeFindings());
    List<Finding> findings = new ArrayList<>(); // of all that ever was in this arena
    findings.addAll(arena.audit.units(arena.limit));
    findings.addAll(arena.audit.repeats());
    findings.addAll(arena.audit.strays());
    findings.addAll(arena.audit.data(arena.traffic.shown()));
    Counts now = Counts.of(arena);
    Counts mine = now.minus(counted);
    counted = now;
    ofNow.addAll(mine.findings());
    List<Finding> news =
        Stream.concat(ofNow.stream(), findings.stream().filter(reported::add)).toList();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    table.add(new Table.Row(scenario.name(), mine, recovery, took, news));
    if (!news.isEmpty()) {
      LOG.log(Level.WARNING, "the limits, as the ledger keeps them: " + arena.audit.standings());
      throw new AssertionError(
          news.stream().map(Finding::toString).limit(20).collect(Collectors.joining("\n")));
    }
  }

  private Duration underLoad(Scenario scenario, List<Finding> findings) {
    try (Watch watch = new Watch(arena)) {
      arena.traffic.flow();
      try {
        scenario.strikes().accept(arena);
      } finally {
        arena.heal();
      }
      Duration recovery = Duration.ZERO;
      if (scenario.convertsAfterwards()) {
        recovery = recover(scenario.recovers(), findings);
      }
      arena.traffic.stop();
      if (scenario.convertsAfterwards()) {
        arena.traffic.drain(LONGEST_DRAIN);
      }
      findings.addAll(watch.findings());
      return recovery;
    }
  }

  /** From now until every pod converts an id that is new. */
  private Duration recover(Duration within, List<Finding> findings) {
    long start = System.nanoTime();
    for (Slot slot : arena.serving()) {
      long[] fresh = arena.newMappedIds(1);
      try {
        Awaitility.await()
            .pollInterval(Duration.ofMillis(50))
            .atMost(within)
            .ignoreExceptions()
            .until(() -> slot.gateway().resolve(Traffic.PAGE, 1, fresh).mappings().size() == 1);
      } catch (ConditionTimeoutException e) {
        findings.add(new Finding("recovery", slot.name + " converts nothing within " + within));
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void close() {
    arena.close();
  }
}
