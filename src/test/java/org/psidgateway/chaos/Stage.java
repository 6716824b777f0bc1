package org.psidgateway.chaos;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Plays scenarios one after the other in one arena, and audits after each. */
final class Stage implements AutoCloseable {
  private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(60);
  private static final System.Logger LOG = System.getLogger("chaos");

  final Arena arena;
  private final Table table;
  private final Set<Finding> told = new HashSet<>();
  private long again;
  private long cooled;
  private long over;

  Stage(Arena arena, Table table) {
    this.arena = arena;
    this.table = table;
  }

  /** Fails where a promise did not hold that had held before. */
  void play(Scenario scenario) {
    LOG.log(Level.INFO, "chaos: " + scenario.name());
    long start = System.nanoTime();
    long converted = arena.witness().conversions();
    long failed = arena.traffic.failed();
    List<Finding> findings = new ArrayList<>();
    Duration recovery = Duration.ZERO;
    try (Watch watch = new Watch(arena)) {
      arena.traffic.flow();
      try {
        scenario.strikes().accept(arena);
      } finally {
        arena.heal();
      }
      recovery = recover(findings);
      arena.traffic.stop();
      arena.traffic.drain(Duration.ofSeconds(60));
      findings.addAll(watch.findings());
    } catch (RuntimeException | AssertionError e) {
      findings.add(new Finding("scenario", e.toString()));
      LOG.log(Level.WARNING, "chaos: " + scenario.name() + " broke off", e);
    }
    findings.addAll(arena.traffic.takeFindings());
    findings.addAll(arena.audit.units(arena.limit));
    findings.addAll(arena.audit.repeats());
    findings.addAll(arena.audit.data(arena.traffic.shown()));
    long newlyAgain = arena.audit.convertedAgain() - again;
    long newlyCooled = arena.audit.inCooldown() - cooled;
    long newlyOver = arena.audit.overPace() - over;
    again += newlyAgain;
    cooled += newlyCooled;
    over += newlyOver;
    if (newlyCooled > 0) {
      findings.add(new Finding("Q4", newlyCooled + " calls granted in a cooldown"));
    }
    if (newlyOver > 0) {
      findings.add(new Finding("Q5", newlyOver + " calls over the pace"));
    }
    List<Finding> news = findings.stream().filter(told::add).toList();
    table.add(
        new Table.Row(
            scenario.name(),
            arena.witness().conversions() - converted,
            newlyAgain,
            newlyCooled,
            newlyOver,
            arena.traffic.failed() - failed,
            recovery,
            Duration.ofNanos(System.nanoTime() - start),
            news));
    if (!news.isEmpty()) {
      throw new AssertionError(
          news.stream().map(Finding::toString).limit(20).collect(Collectors.joining("\n")));
    }
  }

  /** From now until every pod converts an id that is new. */
  private Duration recover(List<Finding> findings) {
    long start = System.nanoTime();
    for (Slot slot : arena.serving()) {
      long[] fresh = {arena.newIds(1_000)[1]};
      try {
        Awaitility.await()
            .pollInterval(Duration.ofMillis(50))
            .atMost(LONGEST_RECOVERY)
            .ignoreExceptions()
            .until(() -> slot.gateway().resolve(100, 1, fresh).mappings().size() == 1);
      } catch (ConditionTimeoutException e) {
        findings.add(new Finding("recovery", slot.name + " converts nothing"));
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void close() {
    arena.close();
  }
}
