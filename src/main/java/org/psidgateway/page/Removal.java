package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.Invalidations;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages.Saved;

/** How a Page is removed altogether. */
@Singleton
class Removal {
  private static final Logger LOG = Logger.getLogger(Removal.class);

  private final Transactions transactions;
  private final PageRepository repository;
  private final PageMemory memory;
  private final Invalidations invalidations;

  Removal(
      Transactions transactions,
      PageRepository repository,
      PageMemory memory,
      Invalidations invalidations) {
    this.transactions = transactions;
    this.repository = repository;
    this.memory = memory;
    this.invalidations = invalidations;
  }

  /** See {@link Pages#remove}. */
  Optional<Saved> remove(PageId page) throws SQLException {
    KnownPage before = memory.get(page);
    boolean registered =
        transactions.shared(connection -> repository.findByIdOptional(page.value()).isPresent());
    if (!registered) {
      return Optional.empty();
    }
    PageUse use = transactions.plain(connection -> PageUse.none(connection, page));
    Optional<Saved> removed =
        transactions.shared(
            connection -> {
              repository.lockRegistry();
              Optional<PageEntity> row = repository.lock(page.value());
              if (row.isEmpty()) {
                return Optional.empty();
              }
              OptionalLong fans = repository.fans();
              use.stillNone(connection);
              repository.remove(page.value());
              return Optional.of(new Saved(row.get().view(), false, fans, repository.fans()));
            });
    if (removed.isPresent()) {
      LOG.infof("Page %s was deleted", page);
      memory.forget(page, before);
      invalidations.announce();
    }
    return removed;
  }
}
