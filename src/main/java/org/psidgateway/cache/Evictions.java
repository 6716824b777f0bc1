package org.psidgateway.cache;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.invalidation.ChangeListener;
import org.psidgateway.model.PageId;

/**
 * Forgets what other pods changed, in L2 too: all pods do that, since any of them may have put
 * there what it had read before the change. If Redis can't be reached, it is tried again until it
 * can, for the latest {@link #MOST_OWED} ids or so; any others stay in Redis until they expire.
 */
@Singleton
class Evictions implements ChangeListener {
  static final int MOST_OWED = 100_000;

  private record Owed(PageId page, long[] asids) {}

  private final MappingCache cache;
  private final Queue<Owed> owed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger owedIds = new AtomicInteger();

  Evictions(MappingCache cache) {
    this.cache = cache;
  }

  @Override
  public void mappingsChanged(PageId page, long[] asids) {
    cache.evict(page, asids).subscribe().with(done -> {}, failure -> owe(new Owed(page, asids)));
  }

  /** L1 alone: pods that did hear of the change take care of L2. */
  @Override
  public void anythingMayHaveChanged() {
    cache.forgetLocal();
  }

  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void retry() {
    for (int left = owed.size(); left > 0; left--) {
      Owed next = take();
      if (next != null) {
        mappingsChanged(next.page(), next.asids());
      }
    }
  }

  int owedIds() {
    return owedIds.get();
  }

  private void owe(Owed more) {
    owed.add(more);
    owedIds.addAndGet(more.asids().length);
    while (owedIds.get() > MOST_OWED && take() != null) {}
  }

  private @Nullable Owed take() {
    Owed oldest = owed.poll();
    if (oldest != null) {
      owedIds.addAndGet(-oldest.asids().length);
    }
    return oldest;
  }
}
