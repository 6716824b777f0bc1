package org.psidgateway.chaos;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Gateway.Answer;

/**
 * Callers: some look known ids up all the time, which must never fail, others ask every pod at once
 * for the same new ids. Keeps what they were shown.
 */
final class Traffic implements AutoCloseable {
  static final long PAGE = 100;
  private static final long[] PAGES = {PAGE, 200};
  private static final int KNOWN = 200;
  private static final int LOOKED_UP_AT_ONCE = 40;
  private static final int PATIENCE_SECONDS = 1;

  /** How long beyond its patience a caller may wait, on a machine that is busy with faults. */
  private static final Duration LATEST = Duration.ofSeconds(PATIENCE_SECONDS + 4);

  private final Arena arena;
  private final long[] known;
  private final Set<Shown> shown = ConcurrentHashMap.newKeySet();
  private final Map<Long, Set<Long>> open = new ConcurrentHashMap<>();
  private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong lookedUp = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private volatile boolean flowing;

  Traffic(Arena arena) {
    this.arena = arena;
    known = arena.newMappedIds(KNOWN);
    for (long page : PAGES) {
      open.put(page, ConcurrentHashMap.newKeySet());
    }
    clock.scheduleWithFixedDelay(this::lookUp, 0, 50, TimeUnit.MILLISECONDS);
    clock.scheduleWithFixedDelay(this::askNew, 0, 250, TimeUnit.MILLISECONDS);
  }

  void flow() {
    warm();
    resume();
  }

  void resume() {
    flowing = true;
  }

  /** Asks for nothing new until resumed, and waits until nothing is under way. */
  void calm() {
    flowing = false;
    drain(Duration.ofSeconds(20));
  }

  /** Sees to it that every pod has all known ids in its caches. */
  void warm() {
    for (Slot slot : arena.serving()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> slot.gateway().resolve(PAGE, 5, known).mappings().size() == KNOWN);
    }
  }

  /** Stops, and waits for the answers under way. */
  void stop() {
    flowing = false;
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> underWay.get() == 0);
  }

  private void lookUp() {
    if (!flowing) {
      return;
    }
    int from = ThreadLocalRandom.current().nextInt(KNOWN - LOOKED_UP_AT_ONCE);
    long[] ids = LongStream.of(known).skip(from).limit(LOOKED_UP_AT_ONCE).toArray();
    for (Slot slot : arena.serving()) {
      send(slot, PAGE, ids, true);
    }
  }

  private void askNew() {
    if (flowing) {
      long page = anyPage();
      long[] ids = arena.newIds(ThreadLocalRandom.current().nextInt(1, 8));
      boolean ofAnyPage = oneQuestionTellsAll();
      arena.serving().forEach(slot -> ask(slot, ofAnyPage ? anyPage() : page, ids));
    }
  }

  /** An answer on many pages is read as far as somebody wants, and no further. */
  private boolean oneQuestionTellsAll() {
    return arena.plan.isMatching() && arena.script().settings().rowsPerPage > 1;
  }

  private static long anyPage() {
    return PAGES[ThreadLocalRandom.current().nextInt(PAGES.length)];
  }

  /** Sends them, and remembers that they are to be known in the end. */
  void ask(Slot slot, long page, long... ids) {
    LongStream.of(ids).forEach(open.get(page)::add);
    send(slot, page, ids, false);
  }

  private void send(Slot slot, long page, long[] ids, boolean areKnown) {
    int epoch = slot.epoch();
    long start = System.nanoTime();
    underWay.incrementAndGet();
    slot.gateway()
        .resolveAsync(page, PATIENCE_SECONDS, ids)
        .whenComplete(
            (answer, failure) -> {
              underWay.decrementAndGet();
              if (answer != null && answer.status() == 200) {
                remember(page, answer);
              }
              if (slot.epoch() == epoch && areKnown) {
                lookedUp.incrementAndGet();
                judge(slot, answer, failure, Duration.ofNanos(System.nanoTime() - start));
              }
            });
  }

  private void judge(Slot slot, Answer answer, Throwable failure, Duration took) {
    String why = null;
    if (failure != null) {
      why = failure.toString();
    } else if (answer.status() != 200 || answer.mappings().size() != LOOKED_UP_AT_ONCE) {
      why = answer.status() + " " + answer.unresolved();
    } else if (took.compareTo(LATEST) > 0) {
      why = "took " + took;
    }
    if (why != null) {
      failed.incrementAndGet();
      findings.add(new Finding("A", LocalTime.now() + " known ids at " + slot.name + ": " + why));
    }
  }

  private void remember(long page, Answer answer) {
    answer
        .mappings()
        .forEach(
            (asid, psid) -> {
              shown.add(new Shown(page, asid, psid));
              open.get(page).remove(asid);
              if (psid != SimulatedGraph.psidOf(page, asid)) {
                findings.add(new Finding("D2", page + "/" + asid + " shown as " + psid));
              }
            });
    answer
        .unresolved()
        .forEach(
            (asid, fate) -> {
              if (fate.startsWith("unmapped/") || fate.startsWith("invalid/")) {
                open.get(page).remove(Long.valueOf(asid));
              }
            });
  }

  /** Asks for what is still open until nothing is: whatever happened, no id is stuck. */
  void drain(Duration within) {
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(within)
          .until(
              () -> {
                open.forEach(this::askAgain);
                return open.values().stream().allMatch(Set::isEmpty);
              });
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      Map<Long, Object> fates = new LinkedHashMap<>();
      open.forEach((page, ids) -> fates.put(page, fatesOf(page, ids)));
      findings.add(new Finding("liveness", "after " + within + " still open: " + fates));
      open.values().forEach(Set::clear);
    }
  }

  private void askAgain(long page, Set<Long> ids) {
    if (!ids.isEmpty()) {
      remember(page, someOf(page, ids, 2));
    }
  }

  /** How many of them answer what. */
  private Object fatesOf(long page, Set<Long> ids) {
    return ids.isEmpty()
        ? Map.of()
        : someOf(page, ids, 0).unresolved().values().stream()
            .collect(Collectors.groupingBy(fate -> fate, Collectors.counting()));
  }

  private Answer someOf(long page, Collection<Long> ids, int wait) {
    List<Slot> serving = arena.serving();
    Slot slot = serving.get(ThreadLocalRandom.current().nextInt(serving.size()));
    long[] some = ids.stream().mapToLong(Long::longValue).limit(400).toArray();
    return slot.gateway().resolve(page, wait, some);
  }

  Set<Shown> shown() {
    return shown;
  }

  long failed() {
    return failed.get();
  }

  long lookedUp() {
    return lookedUp.get();
  }

  /** What went wrong since this was last asked. */
  List<Finding> takeFindings() {
    List<Finding> taken = List.copyOf(findings);
    findings.removeAll(taken);
    return taken;
  }

  @Override
  public void close() {
    flowing = false;
    clock.shutdownNow();
  }
}
