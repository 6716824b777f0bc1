package org.psidgateway.page;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.psidgateway.invalidation.ChangeListener;
import org.psidgateway.model.PageId;

/** Brings the changes of other pods into this one's memory. */
@Singleton
class PageRefresh implements ChangeListener {
  private static final Logger LOG = Logger.getLogger(PageRefresh.class);

  private final PageRepository repository;
  private final PageMemory memory;
  private final AtomicBoolean failing = new AtomicBoolean();

  PageRefresh(PageRepository repository, PageMemory memory) {
    this.repository = repository;
    this.memory = memory;
  }

  /**
   * Reads all Pages. While PostgreSQL is away the memory stays as it is, and the log is told once,
   * not every time.
   */
  void refresh() {
    try {
      read();
      if (failing.compareAndSet(true, false)) {
        LOG.info("The Pages can be read again");
      }
    } catch (RuntimeException e) {
      if (failing.compareAndSet(false, true)) {
        LOG.warn("The Pages cannot be read; what is remembered of them goes on serving", e);
      }
    }
  }

  /** Reads all Pages into the memory; throws where PostgreSQL does not answer. */
  void read() {
    Map<PageId, KnownPage> before = memory.snapshot();
    List<PageEntity> rows = QuarkusTransaction.requiringNew().call(repository::inOrder);
    memory.replace(before, rows);
  }

  @Override
  public void pagesChanged(Set<PageId> pages) {
    Map<PageId, KnownPage> before = memory.snapshot();
    before.keySet().retainAll(pages);
    List<PageEntity> rows = QuarkusTransaction.requiringNew().call(() -> repository.inOrder(pages));
    memory.replace(before, rows);
  }

  @Override
  public void anythingMayHaveChanged() {
    read();
  }
}
