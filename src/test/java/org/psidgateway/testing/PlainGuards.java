package org.psidgateway.testing;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.faulttolerance.apiimpl.BasicCircuitBreakerMaintenanceImpl;
import io.smallrye.faulttolerance.apiimpl.BuilderLazyDependencies;
import io.smallrye.faulttolerance.apiimpl.TypedGuardImpl;
import io.smallrye.faulttolerance.core.event.loop.EventLoop;
import io.smallrye.faulttolerance.core.metrics.MeteredOperation;
import io.smallrye.faulttolerance.core.metrics.MetricsProvider;
import io.smallrye.faulttolerance.core.metrics.MetricsRecorder;
import io.smallrye.faulttolerance.core.timer.ThreadTimer;
import io.smallrye.faulttolerance.core.timer.Timer;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The real guards with real parts, which a container provides otherwise. SmallRye's own stand-in
 * for the container has one registry of circuit breakers per JVM, and refuses a name used twice.
 */
public final class PlainGuards implements BuilderLazyDependencies, AutoCloseable {
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ThreadTimer timer = new ThreadTimer(executor);

  public <T> TypedGuard.Builder<Uni<T>> builder() {
    BasicCircuitBreakerMaintenanceImpl maintenance = new BasicCircuitBreakerMaintenanceImpl();
    return new TypedGuardImpl.BuilderImpl<T, Uni<T>>(() -> maintenance, () -> this, Uni.class);
  }

  @Override
  public void close() throws InterruptedException {
    timer.shutdown();
    executor.shutdownNow();
  }

  @Override
  public boolean ftEnabled() {
    return true;
  }

  @Override
  public ExecutorService asyncExecutor() {
    return executor;
  }

  @Override
  public EventLoop eventLoop() {
    return EventLoop.get();
  }

  @Override
  public Timer timer() {
    return timer;
  }

  @Override
  public MetricsProvider metricsProvider() {
    return new MetricsProvider() {
      @Override
      public boolean isEnabled() {
        return false;
      }

      @Override
      public MetricsRecorder create(MeteredOperation operation) {
        throw new IllegalStateException("metrics are off");
      }
    };
  }
}
