package org.psidgateway.page;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.StartStep;

/**
 * At start, before anybody is served: encrypts with the present key what a former key encrypted,
 * and applies the seeds. Pods that start together do it one after the other.
 */
@Singleton
@Priority(StartStep.LATER)
class Seeding implements StartStep {
  private static final Logger LOG = Logger.getLogger(Seeding.class);

  private final Transactions transactions;
  private final Seeds seeds;
  private final PageRepository repository;
  private final TokenCipher cipher;
  private final PageRefresh refresh;
  private final InstantSource clock;

  Seeding(
      Transactions transactions,
      Seeds seeds,
      PageRepository repository,
      TokenCipher cipher,
      PageRefresh refresh,
      InstantSource clock) {
    this.transactions = transactions;
    this.seeds = seeds;
    this.repository = repository;
    this.cipher = cipher;
    this.refresh = refresh;
    this.clock = clock;
  }

  @Override
  public void run() {
    apply();
    refresh.read();
  }

  void apply() {
    boolean fansLost = transactions.shared(connection -> reencryptAndSeed());
    if (fansLost) {
      LOG.warn(
          "A Page without fans was seeded: gateway.quota.ceiling alone limits the lifetime quota"
              + " until every Page has fans; see GET /v1/quota");
    }
  }

  /** Whether every Page had fans before, and no longer does. */
  private boolean reencryptAndSeed() {
    repository.lockRegistry();
    repository.lockAll().forEach(this::encryptAnew);
    boolean fansCounted = repository.allTellFans();
    seeds.byPage().forEach(this::seed);
    return fansCounted && !repository.allTellFans();
  }

  /** The revision stays: it is the same token, and pods that know it need not read it again. */
  private void encryptAnew(PageEntity row) {
    if (row.token != null && cipher.isOutdated(row.token)) {
      try {
        row.token = cipher.encrypt(row.pageId(), cipher.decrypt(row.pageId(), row.token));
      } catch (GeneralSecurityException e) {
        LOG.debugf(
            "The token of Page %s was not re-encrypted: no configured key decrypts it", row.id);
      }
    }
  }

  private void seed(PageId page, PagesConfig.Seed seed) {
    PageEntity row = repository.lockOrCreate(page.value());
    SeedChange change = SeedChange.of(seed, row, isReadable(row));
    if (change.token() == null && isReplaced(seed, row)) {
      LOG.warnf(
          "gateway.pages.\"%s\".token is not applied: it was seeded before, and another token"
              + " since; to go back to it, use PUT /v1/pages/%s/token",
          page, page);
    }
    if (Boolean.TRUE.equals(change.testPage())
        && !row.testPage
        && repository.testPages() >= Pages.MAX_TEST_PAGES) {
      LOG.warnf(
          "gateway.pages.\"%s\".test-page is not applied: there are %s test pages already",
          page, Pages.MAX_TEST_PAGES);
      change = change.withoutTestPage();
    }
    if (change.isEmpty()) {
      return;
    }
    row.describe(change.name(), change.fans(), change.testPage());
    row.rememberSeed(change);
    if (change.token() != null) {
      row.replaceToken(cipher.encrypt(page, change.token()));
    }
    row.changedAt(clock.instant());
    LOG.infof("Page %s was seeded from the configuration", page);
  }

  private static boolean isReplaced(PagesConfig.Seed seed, PageEntity row) {
    return seed.token()
        .filter(token -> row.hasSeededSince(SeedChange.digest(row.pageId(), token.strip())))
        .isPresent();
  }

  private boolean isReadable(PageEntity row) {
    try {
      return row.token != null && !cipher.decrypt(row.pageId(), row.token).isEmpty();
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
