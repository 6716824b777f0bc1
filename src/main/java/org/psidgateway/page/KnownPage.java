package org.psidgateway.page;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pod remembers of a Page. Not a record: its text must not show the token. */
final class KnownPage {
  private final Page page;
  private final byte @Nullable [] ciphertext;
  private final Optional<String> token;
  private final byte @Nullable [] digest;

  KnownPage(
      Page page, byte @Nullable [] ciphertext, Optional<String> token, byte @Nullable [] digest) {
    this.page = page;
    this.ciphertext = ciphertext;
    this.token = token;
    this.digest = digest;
  }

  Page page() {
    return page;
  }

  /** Empty if none is set, or if none of our keys decrypts it. */
  Optional<String> token() {
    return token;
  }

  /** Of the token; null if there is none that our keys decrypt. */
  byte @Nullable [] digest() {
    return digest;
  }

  /** After a fail-over, or if a Page was removed and created anew, a revision may occur twice. */
  boolean hasTokenOf(PageEntity row) {
    return page.tokenRevision() == row.tokenRevision && Arrays.equals(ciphertext, row.token);
  }

  boolean isOlderThan(KnownPage other) {
    return page.updatedAt().isBefore(other.page.updatedAt());
  }
}
