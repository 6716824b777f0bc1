package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.psidgateway.db.Outage;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.ChangeListener;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.OutageLog;

/** Brings the changes of other pods into this one's memory. */
@Singleton
class PageRefresh implements ChangeListener {
  private final OutageLog refused =
      new OutageLog(
          PageRefresh.class,
          "PostgreSQL refuses to read the Pages; serving them from memory",
          "Pages can be read from PostgreSQL again");
  private final Transactions transactions;
  private final PageRepository repository;
  private final PageMemory memory;

  PageRefresh(Transactions transactions, PageRepository repository, PageMemory memory) {
    this.transactions = transactions;
    this.repository = repository;
    this.memory = memory;
  }

  /** Reads all Pages. While PostgreSQL is away the memory stays as it is. */
  void refresh() {
    try {
      read();
    } catch (RuntimeException e) {
      // the log says so, once
    }
  }

  /** Reads all Pages into the memory; throws if PostgreSQL does not answer. */
  void read() {
    Map<PageId, KnownPage> before = memory.snapshot();
    memory.nothingIsMissing();
    memory.replace(before, rows(repository::inOrder));
  }

  private List<PageEntity> rows(Supplier<List<PageEntity>> query) {
    try {
      List<PageEntity> rows = transactions.shared(connection -> query.get());
      refused.recovered();
      return rows;
    } catch (RuntimeException e) {
      if (!Outage.is(e)) {
        refused.failed(Outage.describe(e));
      }
      throw e;
    }
  }

  @Override
  public void pagesChanged(Set<PageId> pages) {
    Map<PageId, KnownPage> before = memory.snapshot();
    before.keySet().retainAll(pages);
    memory.replace(before, rows(() -> repository.inOrder(pages)));
  }

  @Override
  public void anythingMayHaveChanged() {
    read();
  }
}
