package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
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

/**
 * What this pod knows of the Pages, tokens decrypted. Holds as many entries as there are Pages.
 * Never blocks. Thread-safe: of two views of a Page, the newer one stays, in whatever order they
 * come.
 */
@Singleton
class PageMemory {
  private static final Logger LOG = Logger.getLogger(PageMemory.class);

  private final ConcurrentHashMap<PageId, KnownPage> known = new ConcurrentHashMap<>();
  private final TokenCipher cipher;

  PageMemory(TokenCipher cipher) {
    this.cipher = cipher;
  }

  @Nullable KnownPage get(PageId page) {
    return known.get(page);
  }

  List<Page> inOrder() {
    return known.keySet().stream()
        .sorted()
        .map(known::get)
        .filter(Objects::nonNull)
        .map(KnownPage::page)
        .toList();
  }

  int size() {
    return known.size();
  }

  long paused() {
    return known.values().stream().filter(page -> page.page().paused()).count();
  }

  /** Answers what is remembered afterwards, which may be newer than the row. */
  KnownPage remember(PageEntity row) {
    KnownPage fresh = new KnownPage(row.view(), token(row));
    return known.merge(
        row.pageId(), fresh, (present, same) -> fresh.isOlderThan(present) ? present : fresh);
  }

  /**
   * Makes the memory what the table was. Of {@code before}, Pages that are gone are forgotten,
   * unless they came to be remembered after {@code before} was taken.
   */
  void replace(Map<PageId, KnownPage> before, Collection<PageEntity> rows) {
    rows.forEach(this::remember);
    Set<PageId> present = rows.stream().map(PageEntity::pageId).collect(Collectors.toSet());
    before.forEach(
        (page, view) -> {
          if (!present.contains(page)) {
            known.remove(page, view);
          }
        });
  }

  Map<PageId, KnownPage> snapshot() {
    return new HashMap<>(known);
  }

  private Optional<String> token(PageEntity row) {
    KnownPage present = known.get(row.pageId());
    if (present != null && present.page().tokenRevision() == row.tokenRevision) {
      return present.token(); // a revision is decrypted once, and complained of once
    }
    if (row.token == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(cipher.decrypt(row.pageId(), row.token));
    } catch (GeneralSecurityException e) {
      LOG.errorf(
          "The token of Page %s cannot be decrypted, so nothing is asked for it: check %s and %s,"
              + " or set the token anew",
          row.id, SecretKeys.KEY, SecretKeys.OLD_KEYS);
      return Optional.empty();
    }
  }
}
