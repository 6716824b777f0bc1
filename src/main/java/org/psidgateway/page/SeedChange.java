package org.psidgateway.page;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Sha256;

/**
 * Which parts of a seed to apply: the values that configuration did not seed last time. Comparing
 * with what was seeded, and not with what is there, keeps a seed from undoing later changes.
 *
 * @param token one that was seeded before is not applied again: a pod of the version before that
 *     restarts in the middle of a roll-out would bring the old token back. Applied in any case if
 *     the stored one cannot be read: then the seed is all there is, unless the Page was archived
 */
record SeedChange(
    @Nullable String token,
    @Nullable String name,
    @Nullable Long fans,
    @Nullable Boolean testPage) {

  static SeedChange of(PagesConfig.Seed seed, PageEntity row, boolean tokenReadable) {
    String token = seed.token().map(String::strip).orElse(null);
    Long fans = seed.fans().isPresent() ? (Long) seed.fans().getAsLong() : null;
    boolean stays = tokenReadable || row.isArchived();
    boolean seeded = token == null || stays && row.hasSeeded(digest(row.pageId(), token));
    return new SeedChange(
        seeded ? null : token,
        unlessSeeded(seed.name(), row.seededName),
        Objects.equals(fans, row.seededFans) ? null : fans,
        unlessSeeded(seed.testPage(), row.seededTest));
  }

  boolean isEmpty() {
    return token == null && name == null && fans == null && testPage == null;
  }

  SeedChange withoutTestPage() {
    return new SeedChange(token, name, fans, null);
  }

  /** A token is long and random, so a plain digest reveals nothing of it, and outlives any key. */
  static String digest(PageId page, String token) {
    return Sha256.hex(page + ":" + token);
  }

  private static <T> @Nullable T unlessSeeded(Optional<T> value, @Nullable T seededLast) {
    return value.filter(present -> !present.equals(seededLast)).orElse(null);
  }
}
