package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.Invalidations;
import org.psidgateway.model.PageId;

/**
 * The registry of Pages. What was read once is remembered, so that look-ups go on while PostgreSQL
 * is away; a Page that this pod does not remember is looked up in PostgreSQL, once every few
 * seconds. A pod sees its own writes at once and those of others within some 5 seconds, mostly
 * sooner. Blocking methods throw a {@link RuntimeException} if they need PostgreSQL and it does not
 * answer. Thread-safe.
 */
@Singleton
public class Pages implements Tokens {
  /** More people than there are: sums over all Pages stay far from the end of a {@code bigint}. */
  public static final long MAX_FANS = 1_000_000_000_000L;

  static final int MAX_TEST_PAGES = 5;

  private final Transactions transactions;
  private final PageRepository repository;
  private final PageMemory memory;
  private final PageRefresh refresh;
  private final TokenCipher cipher;
  private final Invalidations invalidations;
  private final InstantSource clock;

  Pages(
      Transactions transactions,
      PageRepository repository,
      PageMemory memory,
      PageRefresh refresh,
      TokenCipher cipher,
      Invalidations invalidations,
      InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.memory = memory;
    this.refresh = refresh;
    this.cipher = cipher;
    this.invalidations = invalidations;
    this.clock = clock;
  }

  /** Whether this pod remembers the Page. Never blocks; false says only "not known here". */
  public boolean remembers(PageId page) {
    return memory.get(page) != null;
  }

  /** The Page, if this pod remembers it. Never blocks. */
  public Optional<Page> recall(PageId page) {
    return Optional.ofNullable(memory.get(page)).map(KnownPage::page);
  }

  /** Whether PostgreSQL said some seconds ago that there is no such Page. Never blocks. */
  public boolean isMissing(PageId page) {
    return memory.isMissing(page);
  }

  /**
   * The Page as this pod remembers it. Blocks only if the pod remembers neither it nor its absence.
   */
  @Override
  public Optional<Page> find(PageId page) {
    KnownPage known = memory.get(page);
    if (known == null && !memory.isMissing(page)) {
      known = read(page);
    }
    return Optional.ofNullable(known).map(KnownPage::page);
  }

  /** All Pages, by id; those remembered while PostgreSQL is away. Blocking. */
  public List<Page> all() {
    refresh.refresh();
    return memory.inOrder();
  }

  /** All Pages that this pod remembers, by id. Never blocks. */
  public List<Page> recallAll() {
    return memory.inOrder();
  }

  /**
   * The Page whose present token this is, if this pod remembers it. For callers that bring nothing
   * but a token. Never blocks; takes longer the more Pages there are (some 50 ns each), and does
   * not reveal how close a wrong token came.
   */
  public Optional<Page> byToken(String token) {
    return memory.byToken(token);
  }

  /**
   * Creates or changes a Page; null keeps the present value. Blocking.
   *
   * @throws TooManyTestPages if this would make a sixth test page
   */
  public Saved save(
      PageId page,
      @Nullable String name,
      @Nullable Long fans,
      @Nullable Boolean testPage,
      @Nullable Boolean paused) {
    boolean markTestPage = Boolean.TRUE.equals(testPage);
    KnownPage before = memory.get(page);
    Change change =
        transactions.shared(
            connection -> {
              if (markTestPage) {
                repository.lockRegistry();
              }
              boolean created = repository.insertIfAbsent(page.value());
              PageEntity row = repository.lock(page.value()).orElseThrow();
              if (markTestPage && !row.testPage && repository.testPages() >= MAX_TEST_PAGES) {
                throw new TooManyTestPages();
              }
              row.describe(name, fans, testPage);
              if (paused != null) {
                row.pauseByOperator(paused);
              }
              row.changedAt(clock.instant());
              return new Change(row, created);
            });
    memory.remember(change.row(), before);
    invalidations.announce();
    return new Saved(change.row().view(), change.created());
  }

  /**
   * Encrypts and keeps the token, and lifts a pause that a token or permission error caused. False
   * if there is no such Page. Blocking.
   */
  public boolean setToken(PageId page, String token) {
    byte[] ciphertext = cipher.encrypt(page, token);
    KnownPage before = memory.get(page);
    Optional<PageEntity> changed =
        transactions.shared(
            connection -> {
              Optional<PageEntity> row = repository.lock(page.value());
              row.ifPresent(found -> found.replaceToken(ciphertext));
              row.ifPresent(found -> found.changedAt(clock.instant()));
              return row;
            });
    changed.ifPresent(row -> memory.remember(row, before));
    invalidations.announce();
    return changed.isPresent();
  }

  /**
   * The token of exactly this revision, decrypted; empty if there is none, if it has been replaced,
   * or if no configured key decrypts it. Blocks only if this pod remembers another revision: then
   * the row decides, be it newer or, after a fail-over, older.
   */
  @Override
  public Optional<String> token(PageId page, int revision) {
    KnownPage known = memory.get(page);
    if (known == null || known.page().tokenRevision() != revision) {
      known = read(page);
    }
    return known == null || known.page().tokenRevision() != revision
        ? Optional.empty()
        : known.token();
  }

  /**
   * Pauses the Page because of a token or permission error, unless the token has been replaced
   * since, or the Page is paused already. Blocking.
   *
   * @param reason {@code token_invalid} or {@code permission_denied}
   */
  @Override
  public void pauseFor(PageId page, int tokenRevision, String reason) {
    boolean paused =
        transactions.shared(
            connection ->
                repository.pauseFor(page.value(), tokenRevision, reason, clock.instant()));
    if (paused) {
      invalidations.announce();
      read(page);
    }
  }

  private @Nullable KnownPage read(PageId page) {
    KnownPage before = memory.get(page);
    Optional<PageEntity> row =
        transactions.shared(connection -> repository.findByIdOptional(page.value()));
    if (row.isEmpty()) {
      memory.forget(page, before);
      return null;
    }
    return memory.remember(row.get(), before);
  }

  /** The outcome of {@link #save}. */
  public record Saved(Page page, boolean created) {}

  /** The upstream allows an app five test pages. */
  public static final class TooManyTestPages extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyTestPages() {
      super("an app may have five test Pages; unmark one first");
    }
  }

  private record Change(PageEntity row, boolean created) {}
}
