package org.psidgateway.page;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.StartStep;

/**
 * At start, before anybody is served: encrypts and digests with the present key what a former key,
 * or the version before, did not, and applies the seeds. Pods that start together do it one after
 * the other.
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
    Fans fans = transactions.shared(connection -> reencryptAndSeed());
    if (fans.after.isPresent() && !fans.after.equals(fans.before)) {
      LOG.infof(
          "The seeded Pages bring the fans of all Pages to %d: gateway.quota.fan-share of them limits"
              + " the lifetime quota if that is less than gateway.quota.ceiling; see GET /v1/quota",
          fans.after.getAsLong());
    }
    if (fans.before.isPresent() && fans.after.isEmpty()) {
      LOG.warn(
          "A Page without fans was seeded: gateway.quota.ceiling alone limits the lifetime quota"
              + " until every Page has fans; see GET /v1/quota");
    }
  }

  /** Of all Pages; empty if some lack them. */
  private record Fans(OptionalLong before, OptionalLong after) {}

  private Fans reencryptAndSeed() {
    repository.lockRegistry();
    repository.lockAll().forEach(this::encryptAnew);
    OptionalLong before = repository.fans();
    seeds.byPage().forEach(this::seedUnlessRemoved);
    return new Fans(before, repository.fans());
  }

  /** The revision stays: it is the same token, and pods that know it need not read it again. */
  private void encryptAnew(PageEntity row) {
    byte[] digest = row.digest();
    boolean digested = digest != null && cipher.isPresentDigest(digest);
    if (row.token != null && (cipher.isOutdated(row.token) || !digested)) {
      try {
        String token = cipher.decrypt(row.pageId(), row.token);
        row.token = cipher.isOutdated(row.token) ? cipher.encrypt(row.pageId(), token) : row.token;
        row.digest(cipher.digest(token));
      } catch (GeneralSecurityException e) {
        LOG.debugf(
            "The token of Page %s was not re-encrypted: no configured key decrypts it", row.id);
      }
    }
  }

  /** A token that was never seeded brings a Page back that was deleted; nothing else does. */
  private void seedUnlessRemoved(PageId page, PagesConfig.Seed seed) {
    Optional<List<String>> removed = repository.removedTokens(page.value());
    boolean known =
        seed.token()
            .map(token -> SeedChange.digest(page, token.strip()))
            .map(digest -> removed.orElse(List.of()).contains(digest))
            .orElse(true);
    if (removed.isPresent() && known) {
      LOG.infof(
          "Page %s is not seeded: it was deleted; PUT /v1/pages/%s, or a new token, brings it back",
          page, page);
      return;
    }
    PageEntity row = repository.lockOrCreate(page.value());
    if (removed.isPresent()) {
      row.forgetSeed();
    }
    seed(page, seed, row);
  }

  private void seed(PageId page, PagesConfig.Seed seed, PageEntity row) {
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
      row.replaceToken(cipher.encrypt(page, change.token()), cipher.digest(change.token()));
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
