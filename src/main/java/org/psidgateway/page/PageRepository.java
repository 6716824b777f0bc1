package org.psidgateway.page;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /**
   * True if the row is new. A concurrent insert of the same Page is waited for. A Page that was
   * removed keeps what was seeded, and the count of its tokens.
   */
  boolean insertIfAbsent(long id) {
    return getSession()
            .createNativeMutationQuery(
                """
                with former as (delete from removed_page where page_id = :id returning *)
                insert into page (page_id, seeded_name, seeded_fans, seeded_test, seeded_token, token_revision)
                select :id, f.seeded_name, f.seeded_fans, f.seeded_test, f.seeded_token,
                       coalesce(f.token_revision, 0)
                  from (select 1) one left join former f on true
                    on conflict do nothing
                """)
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

  /** Those of all Pages, archived ones apart; empty if there is none, or one without fans. */
  OptionalLong fans() {
    flush();
    Long sum =
        getSession()
            .createNativeQuery(
                """
                select sum(fans)::bigint from page where pause_reason is distinct from 'archived'
                having count(*) = count(fans)
                """,
                Long.class)
            .getSingleResultOrNull();
    return sum == null ? OptionalLong.empty() : OptionalLong.of(sum);
  }

  /** Removes the row; what was seeded is kept, so that the same seed does not bring it back. */
  void remove(long id) {
    getSession()
        .createNativeMutationQuery(
            """
            with gone as (delete from page where page_id = :id returning *)
            insert into removed_page (page_id, seeded_name, seeded_fans, seeded_test, seeded_token, token_revision)
            select page_id, seeded_name, seeded_fans, seeded_test, seeded_token, token_revision from gone
                on conflict (page_id) do update
                   set seeded_name = excluded.seeded_name, seeded_fans = excluded.seeded_fans,
                       seeded_test = excluded.seeded_test, seeded_token = excluded.seeded_token,
                       token_revision = excluded.token_revision, removed_at = excluded.removed_at
            """)
        .setParameter("id", id)
        .executeUpdate();
  }

  /**
   * The digests of the tokens that were seeded before the Page was removed; empty if it was not.
   */
  Optional<List<String>> removedTokens(long id) {
    return getSession()
        .createNativeQuery(
            """
            select coalesce(seeded_token, '') from removed_page r
             where page_id = :id and not exists (select from page p where p.page_id = r.page_id)
            """,
            String.class)
        .setParameter("id", id)
        .uniqueResultOptional()
        .map(tokens -> List.of(tokens.split(",", -1)));
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
