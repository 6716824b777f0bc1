package org.psidgateway.page;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.psidgateway.model.PageId;

/** The table {@code page}. Every method runs in the caller's transaction. */
@Singleton
class PageRepository implements PanacheRepositoryBase<PageEntity, Long> {

  /**
   * Lets one transaction at a time, of all pods, decide what depends on more than one Page. Taken
   * before any row lock.
   */
  void lockRegistry() {
    getSession()
        .createNativeQuery(
            "select pg_advisory_xact_lock(hashtextextended('gateway.pages', 0))", Object.class)
        .getResultList();
  }

  /** True if the row is new. A concurrent insert of the same Page is waited for. */
  boolean insertIfAbsent(long id) {
    return getSession()
            .createNativeMutationQuery(
                "insert into page (page_id) values (:id) on conflict do nothing")
            .setParameter("id", id)
            .executeUpdate()
        == 1;
  }

  /** The row, locked until the transaction ends. */
  Optional<PageEntity> lock(long id) {
    return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
  }

  /** The row, created if need be, locked until the transaction ends. */
  PageEntity lockOrCreate(long id) {
    insertIfAbsent(id);
    return lock(id).orElseThrow();
  }

  /** All rows by id, locked until the transaction ends. */
  List<PageEntity> lockAll() {
    return find("order by id").withLock(LockModeType.PESSIMISTIC_WRITE).list();
  }

  List<PageEntity> inOrder() {
    return list("order by id");
  }

  List<PageEntity> inOrder(Collection<PageId> pages) {
    return list("id in ?1 order by id", pages.stream().map(PageId::value).toList());
  }

  long testPages() {
    return count("testPage");
  }

  /** Whether there are Pages, and all of them have their fans set. */
  boolean allTellFans() {
    return count() > 0 && count("fans is null") == 0;
  }

  /** False if the token has been replaced meanwhile, or the Page is paused already. */
  boolean pauseFor(long id, int tokenRevision, String reason, Instant now) {
    return getSession()
            .createNativeMutationQuery(
                """
                update page
                   set paused = true, pause_reason = :reason,
                       updated_at = greatest(:now, updated_at + interval '1 microsecond')
                 where page_id = :id and token_revision = :revision and not paused
                """)
            .setParameter("reason", reason)
            .setParameter("now", now)
            .setParameter("id", id)
            .setParameter("revision", tokenRevision)
            .executeUpdate()
        == 1;
  }
}
