package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
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

  private static final Logger LOG = Logger.getLogger(Pages.class);

  private final Transactions transactions;
  private final PageRepository repository;
  private final PageMemory memory;
  private final PageRefresh refresh;
  private final TokenCipher cipher;
  private final Removal removal;
  private final Invalidations invalidations;
  private final InstantSource clock;

  Pages(
      Transactions transactions,
      PageRepository repository,
      PageMemory memory,
      PageRefresh refresh,
      TokenCipher cipher,
      Removal removal,
      Invalidations invalidations,
      InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.memory = memory;
    this.refresh = refresh;
    this.cipher = cipher;
    this.removal = removal;
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
   * The Page whose present token this is, if this pod remembers it; empty if several Pages have it.
   * For callers that bring nothing but a token. Found by a keyed digest, so the time it takes does
   * not reveal how close a wrong token came. Never blocks.
   */
  public Optional<Page> byToken(String token) {
    return memory.byToken(token);
  }

  /**
   * Creates or changes a Page. One that is archived stays so. Blocking.
   *
   * @throws TooManyTestPages if this would make a sixth test page
   */
  public Saved save(PageId page, PageChange change) {
    boolean markTestPage = Boolean.TRUE.equals(change.testPage());
    KnownPage before = memory.get(page);
    Stored stored =
        transactions.shared(
            connection -> {
              repository.lockRegistry();
              OptionalLong fans = repository.fans();
              boolean created = repository.insertIfAbsent(page.value());
              PageEntity row = repository.lock(page.value()).orElseThrow();
              if (markTestPage && !row.testPage && repository.testPages() >= MAX_TEST_PAGES) {
                throw new TooManyTestPages();
              }
              row.change(change);
              row.changedAt(clock.instant());
              return new Stored(row, created, fans, repository.fans());
            });
    return announced(stored, before);
  }

  private Saved announced(Stored stored, @Nullable KnownPage before) {
    memory.remember(stored.row(), before);
    invalidations.announce();
    return new Saved(
        stored.row().view(), stored.created(), stored.fansBefore(), stored.fansAfter());
  }

  /**
   * Encrypts and keeps the token, lifts a pause that a token or permission error caused, and
   * revives a Page that is archived. Empty if there is no such Page. Blocking.
   */
  public Optional<Saved> setToken(PageId page, String token) {
    byte[] ciphertext = cipher.encrypt(page, token);
    byte[] digest = cipher.digest(token);
    return changed(
        page,
        row -> {
          row.replaceToken(ciphertext, digest);
          row.changedAt(clock.instant());
        });
  }

  /**
   * Removes a Page that has no mappings, for all pods; empty if there is none. The seed that made
   * it does not bring it back, a {@link #save} does. No call for it is granted once this returns.
   * Of calls whose outcome is unknown a late answer is kept all the same, for when the Page comes
   * back. Blocking.
   *
   * @throws PageInUse if it has mappings or calls under way: then nothing is changed
   */
  public Optional<Saved> remove(PageId page) throws SQLException {
    return removal.remove(page);
  }

  /**
   * Takes a Page's token and fans, and keeps its mappings; empty if there is none. Calls under way
   * are settled as ever, and no other is granted. A new token revives it. Blocking.
   */
  public Optional<Saved> archive(PageId page) {
    Optional<Saved> archived =
        changed(
            page,
            row -> {
              if (!row.isArchived()) {
                row.archive();
                row.changedAt(clock.instant());
              }
            });
    if (archived.isPresent()) {
      LOG.infof("Page %s is archived: its mappings are kept, and no call is made for it", page);
    }
    return archived;
  }

  /** Changes a Page that is there; empty if it is not. */
  private Optional<Saved> changed(PageId page, Consumer<PageEntity> edit) {
    KnownPage before = memory.get(page);
    Optional<Stored> stored =
        transactions.shared(
            connection -> {
              repository.lockRegistry();
              OptionalLong fans = repository.fans();
              Optional<PageEntity> row = repository.lock(page.value());
              row.ifPresent(edit);
              return row.map(it -> new Stored(it, false, fans, repository.fans()));
            });
    return stored.map(saved -> announced(saved, before));
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

  /**
   * What has become of a Page.
   *
   * @param page as it is now, or was when it was removed
   * @param fansBefore of all Pages together; empty if one of them lacks fans, or there was none
   * @param fansAfter likewise
   */
  public record Saved(
      Page page, boolean created, OptionalLong fansBefore, OptionalLong fansAfter) {}

  /** The upstream allows an app five test pages. */
  public static final class TooManyTestPages extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyTestPages() {
      super("an app may have five test Pages; unmark one first");
    }
  }

  /** The Page has mappings, or migrations or calls under way that may bring some. */
  public static final class PageInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mapped;

    PageInUse(boolean mapped) {
      super(mapped ? "the Page has mappings or migrations" : "a call for the Page is under way");
      this.mapped = mapped;
    }

    /** Whether it has mappings or migrations; else calls are under way. */
    public boolean hasMappings() {
      return mapped;
    }
  }

  private record Stored(
      PageEntity row, boolean created, OptionalLong fansBefore, OptionalLong fansAfter) {}
}
