package org.psidgateway.api;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.db.Outage;
import org.psidgateway.ops.Workers;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.time.Ticker;

/**
 * How calls without a patience of their own ask PostgreSQL: on a worker thread, and for a bounded
 * time, whatever hangs. An outage is then {@link Problem#unavailable}.
 */
@Singleton
public class StoreCalls {
  /** The patience of calls that name none. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** On top of any patience: the answer leaves within half a second. */
  public static final Duration GRACE = Resolver.STORE_GRACE;

  private final Workers workers;
  private final Ticker ticker;

  StoreCalls(Workers workers, Ticker ticker) {
    this.workers = workers;
    this.ticker = ticker;
  }

  /** When a call that begins now has to have its answer, by {@link Ticker#nanos()}. */
  public long deadline() {
    return ticker.nanos() + PATIENCE.plus(GRACE).toNanos();
  }

  public <T> Uni<T> read(Callable<T> work) {
    return read(deadline(), work);
  }

  public <T> Uni<T> read(long deadline, Callable<T> work) {
    return workers.call(deadline, work);
  }

  /** A change that fails may have been committed all the same, or may yet be. */
  public <T> Uni<T> write(Callable<T> work) {
    return workers
        .call(deadline(), work)
        .onFailure(Outage::is)
        .transform(failure -> Problem.uncertain());
  }
}
