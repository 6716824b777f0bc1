package org.psidgateway.migration.work;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.migration.State;
import org.psidgateway.migration.work.Feed.Piece;
import org.psidgateway.migration.work.Lot.Verdicts;
import org.psidgateway.model.Fate;

/**
 * Brings the ids of one migration to the batcher, a call's worth at a time, so that full calls
 * always wait and yet few ids are in memory. Holds no thread while it waits. What it knows is lost
 * with the process, and costs nothing: another owner begins where every id was decided.
 * Thread-safe.
 */
final class Run {
  private static final int ROWS_AT_ONCE = 5_000;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long NONE = Long.MAX_VALUE;

  /** So many migrations may have calls side by side; others have their turn now and then. */
  private static final int FIRST = 4;

  private static final int LEAST_LOTS = 2;

  private final Job job;
  private final long fence;
  private final MigrationAccount account;
  private final Kit kit;

  /** Read, and not queued yet: line and id. */
  private final Deque<long[]> ahead = new ArrayDeque<>();

  private final Set<Lot> out = new HashSet<>();

  /** Ids that may still be queued: those of the canary, while it lasts. */
  private long allowance;

  /** The lines up to here were read. */
  private long read;

  private long firstHole = NONE;
  private boolean passed;

  /** Calls are refused: what is queued comes back, and nothing follows until all of it has. */
  private boolean refused;

  private boolean busy;
  private boolean stopped;
  private long notBefore;
  private long remembered;

  Run(Job job, long fence, Kit kit) {
    this.job = job;
    this.fence = fence;
    this.kit = kit;
    this.account = new MigrationAccount(job.id(), job.listNo(), job.page(), job.caller(), fence);
    this.read = job.fedLine();
    this.allowance =
        job.state() == State.CANARY ? job.canaryIds() - job.answered() - job.underWay() : NONE;
    this.notBefore = kit.ticker().nanos();
  }

  /** Goes on; {@code place} is its place among the migrations that are worked on. */
  void go(long place) {
    account.rank(place);
    step();
  }

  /** Queues nothing more. */
  synchronized void stop() {
    stopped = true;
    ahead.clear();
    kit.batcher().leave(job.page(), account);
  }

  private synchronized void step() {
    while (mayQueue()) {
      queue();
    }
    if (stopped || busy || kit.ticker().nanos() - notBefore < 0) {
      return;
    }
    if (refused && out.isEmpty()) {
      refused = false;
      ahead.clear();
      again();
    } else if (allowance <= 0 && out.isEmpty()) {
      work(this::judge);
    } else if (!passed && allowance > 0 && ahead.size() < kit.batchSize()) {
      work(this::readOn);
    } else if (passed && ahead.isEmpty() && (out.isEmpty() || firstHole < NONE)) {
      again();
    }
  }

  private boolean mayQueue() {
    boolean full = ahead.size() >= kit.batchSize() || passed || ahead.size() >= allowance;
    return !stopped
        && !refused
        && !ahead.isEmpty()
        && full
        && allowance > 0
        && out.size() < lots()
        && kit.batcher().room() >= (out.isEmpty() ? 1 : kit.batchSize());
  }

  /** However many migrations run, those that go first find room. */
  private int lots() {
    return account.rank() < FIRST ? kit.lots() : LEAST_LOTS;
  }

  private void queue() {
    int size = (int) Math.min(allowance, Math.min(kit.batchSize(), ahead.size()));
    long firstLine = ahead.element()[0];
    long[] asids = new long[size];
    for (int i = 0; i < size; i++) {
      asids[i] = ahead.remove()[1];
    }
    allowance -= allowance == NONE ? 0 : size;
    Lot lot = new Lot(firstLine, asids);
    out.add(lot);
    kit.batcher()
        .join(job.page(), account, lot.answers)
        .done()
        .subscribe()
        .with(done -> ended(lot), failure -> ended(lot));
  }

  /** Once more from where an id is not decided, after a while. */
  private void again() {
    passed = false;
    read = firstHole < NONE ? firstHole - 1 : 0;
    firstHole = NONE;
    notBefore = kit.ticker().nanos() + PAUSE;
  }

  /** Every id up to this line is decided. */
  private long decided() {
    if (stopped) { // and has forgotten what it has read
      return remembered;
    }
    long first = Math.min(firstHole, ahead.isEmpty() ? NONE : ahead.element()[0]);
    for (Lot lot : out) {
      first = Math.min(first, lot.firstLine);
    }
    return Math.min(first - 1, read);
  }

  private void work(Callable<Void> step) {
    busy = true;
    kit.workers()
        .call(kit.ticker().nanos() + PATIENCE, step)
        .subscribe()
        .with(done -> worked(null), this::worked);
  }

  private void worked(@Nullable Throwable failure) {
    synchronized (this) {
      busy = false;
      if (failure == null) {
        kit.refused().recovered();
      } else {
        notBefore = kit.ticker().nanos() + PAUSE;
        told(failure);
      }
    }
    step();
  }

  private void told(Throwable failure) {
    if (failure instanceof Decisions.Lost) {
      stop();
    } else if (!Outage.is(failure)) {
      kit.refused().failed(Outage.describe(failure));
    }
  }

  private Void readOn() throws SQLException {
    long after;
    synchronized (this) {
      after = read;
    }
    Piece piece = kit.feed().next(job, after, ROWS_AT_ONCE);
    Verdicts known = new Verdicts(piece.asids().length);
    piece.known().forEach(known::add);
    synchronized (this) {
      read = Math.max(read, piece.last());
      passed = piece.end();
      for (int i = 0; i < piece.asids().length && !stopped; i++) {
        if (!piece.known().containsKey(piece.asids()[i])) {
          ahead.add(new long[] {piece.lines()[i], piece.asids()[i]});
        }
      }
    }
    if (known.size() > 0) {
      write(known);
    }
    return null;
  }

  private void ended(Lot lot) {
    Verdicts verdicts = lot.toWrite();
    if (verdicts.size() == 0) {
      over(lot, null);
      return;
    }
    kit.workers()
        .call(
            kit.ticker().nanos() + PATIENCE,
            () -> {
              write(verdicts);
              return null;
            })
        .subscribe()
        .with(done -> over(lot, null), failure -> over(lot, failure));
  }

  private void write(Verdicts verdicts) throws SQLException {
    kit.decisions().joined(job, fence, verdicts.asids(), verdicts.verdicts());
    kit.meters().joined(verdicts.size());
  }

  private void over(Lot lot, @Nullable Throwable failure) {
    synchronized (this) {
      out.remove(lot);
      if (failure != null || lot.hasHoles()) {
        firstHole = Math.min(firstHole, lot.firstLine);
        notBefore = kit.ticker().nanos() + PAUSE;
      }
      refused |= lot.isRefused();
      if (failure != null) {
        told(failure);
      }
    }
    if (lot.has(Fate.QUOTA_EXHAUSTED) || lot.has(Fate.QUOTA_RESERVED)) {
      kit.workers()
          .call(
              kit.ticker().nanos() + PATIENCE,
              () -> {
                kit.decisions().move(job.id(), fence, State.PAUSED, "quota_exhausted");
                return null;
              })
          .subscribe()
          .with(done -> {}, this::told);
    }
    step();
  }

  private Void judge() throws SQLException {
    long left = kit.canary().judge(job.id(), fence);
    synchronized (this) {
      if (left == Canary.NO_MORE) {
        stop();
      } else if (left == Canary.WAIT) {
        notBefore = kit.ticker().nanos() + PAUSE;
      } else if (left > 0) { // some have no answer yet
        allowance = left;
        ahead.clear();
        again();
      } else {
        allowance = NONE;
      }
    }
    return null;
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  /** Remembers how far it is, for another owner. Blocks. */
  void remember() throws SQLException {
    long line;
    synchronized (this) {
      line = decided();
    }
    if (line > remembered) {
      kit.decisions().fed(job, fence, line);
      remembered = line;
    }
  }
}
