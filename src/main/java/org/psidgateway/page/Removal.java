package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.Invalidations;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages.Saved;

/** How Pages end: removed altogether, or archived with what is known of their people. */
@Singleton
class Removal {
  private static final Logger LOG = Logger.getLogger(Removal.class);

  private final Transactions transactions;
  private final PageRepository repository;
  private final PageMemory memory;
  private final Invalidations invalidations;
  private final InstantSource clock;

  Removal(
      Transactions transactions,
      PageRepository repository,
      PageMemory memory,
      Invalidations invalidations,
      InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.memory = memory;
    this.invalidations = invalidations;
    this.clock = clock;
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

  /** See {@link Pages#archive}. */
  Optional<Saved> archive(PageId page) {
    KnownPage before = memory.get(page);
    Optional<Archived> archived =
        transactions.shared(
            connection -> {
              repository.lockRegistry();
              OptionalLong fans = repository.fans();
              return repository
                  .lock(page.value())
                  .map(
                      row -> {
                        if (!row.isArchived()) {
                          row.archive();
                          row.changedAt(clock.instant());
                        }
                        return new Archived(
                            row, new Saved(row.view(), false, fans, repository.fans()));
                      });
            });
    archived.ifPresent(
        done -> {
          LOG.infof("Page %s is archived: its mappings are kept, and no call is made for it", page);
          memory.remember(done.row, before);
          invalidations.announce();
        });
    return archived.map(Archived::saved);
  }

  private record Archived(PageEntity row, Saved saved) {}
}
