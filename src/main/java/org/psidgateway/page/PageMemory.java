package org.psidgateway.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;
import org.psidgateway.secrets.SecretKeys;
import org.psidgateway.time.Ticker;

/**
 * What this pod knows of the Pages, tokens decrypted. Holds as many entries as there are Pages, and
 * for some seconds a bounded number of ids that belong to no Page. Never blocks. Thread-safe: the
 * row wins over what was remembered before it was read, even if the database has gone back in time;
 * of two rows that were read at the same time the newer one stays.
 */
@Singleton
class PageMemory {
  private static final Logger LOG = Logger.getLogger(PageMemory.class);
  private static final Duration MISSING_FOR = Duration.ofSeconds(5);
  private static final int MOST_MISSING = 10_000;

  private final ConcurrentHashMap<PageId, KnownPage> known = new ConcurrentHashMap<>();
  private final Cache<PageId, Boolean> missing;
  private final TokenCipher cipher;
  private final PauseLog pauses = new PauseLog();
  private final TokenIndex tokens = new TokenIndex(known);

  PageMemory(TokenCipher cipher, Ticker ticker) {
    this.cipher = cipher;
    this.missing =
        Caffeine.newBuilder()
            .maximumSize(MOST_MISSING)
            .expireAfterWrite(MISSING_FOR)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  @Nullable KnownPage get(PageId page) {
    return known.get(page);
  }

  /** Whether the table lacked the Page some seconds ago, and nothing has been heard of it since. */
  boolean isMissing(PageId page) {
    return !known.containsKey(page) && missing.getIfPresent(page) != null;
  }

  List<Page> inOrder() {
    return known.keySet().stream()
        .sorted()
        .map(known::get)
        .filter(Objects::nonNull)
        .map(KnownPage::page)
        .toList();
  }

  Optional<Page> byToken(String token) {
    return tokens.find(cipher.digest(token)).map(KnownPage::page);
  }

  int size() {
    return known.size();
  }

  /** Those without a token that any of our keys decrypts. */
  long withoutToken() {
    return known.values().stream().filter(page -> page.token().isEmpty()).count();
  }

  long paused() {
    return known.values().stream()
        .filter(page -> page.page().paused() && !page.page().archived())
        .count();
  }

  /**
   * Returns what is remembered afterwards, which may be newer than the row.
   *
   * @param before what was remembered when the row was not read yet
   */
  KnownPage remember(PageEntity row, @Nullable KnownPage before) {
    Optional<String> token = token(row);
    KnownPage fresh =
        new KnownPage(row.view(), row.token, token, token.map(of -> digest(row, of)).orElse(null));
    KnownPage stays =
        known.merge(
            row.pageId(),
            fresh,
            (present, same) -> present != before && fresh.isOlderThan(present) ? present : fresh);
    tokens.changed();
    missing.invalidate(row.pageId());
    pauses.saw(stays.page());
    return stays;
  }

  /** There is no such row, unless it has been heard of since {@code before}. */
  void forget(PageId page, @Nullable KnownPage before) {
    missing.put(page, true);
    if (before != null) {
      remove(page, before);
    }
  }

  /**
   * Makes the memory equal to the rows, except for what was learnt after {@code before} was taken.
   */
  void replace(Map<PageId, KnownPage> before, Collection<PageEntity> rows) {
    rows.forEach(row -> remember(row, before.get(row.pageId())));
    Set<PageId> present = rows.stream().map(PageEntity::pageId).collect(Collectors.toSet());
    before.forEach(
        (page, view) -> {
          if (!present.contains(page)) {
            remove(page, view);
          }
        });
  }

  private void remove(PageId page, KnownPage view) {
    if (known.remove(page, view)) {
      tokens.changed();
      pauses.forget(page);
    }
  }

  /** Whatever was missing may be there by now. */
  void nothingIsMissing() {
    missing.invalidateAll();
  }

  Map<PageId, KnownPage> snapshot() {
    return new HashMap<>(known);
  }

  /** As the row has it, unless a former key or none made it. */
  private byte[] digest(PageEntity row, String token) {
    byte[] kept = row.digest();
    return kept != null && cipher.isPresentDigest(kept) ? kept : cipher.digest(token);
  }

  private Optional<String> token(PageEntity row) {
    KnownPage present = known.get(row.pageId());
    if (present != null && present.hasTokenOf(row)) {
      return present.token(); // a token is decrypted once, and an error logged once
    }
    if (row.token == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(cipher.decrypt(row.pageId(), row.token));
    } catch (GeneralSecurityException e) {
      LOG.errorf(
          "The token of Page %s cannot be decrypted, so no call is made for it: check %s and %s,"
              + " or set the token again",
          row.id, SecretKeys.KEY, SecretKeys.OLD_KEYS);
      return Optional.empty();
    }
  }
}
