package org.psidgateway.page;

import java.util.Optional;

/** What a pod remembers of a Page. Not a record: its text must not show the token. */
final class KnownPage {
  private final Page page;
  private final Optional<String> token;

  KnownPage(Page page, Optional<String> token) {
    this.page = page;
    this.token = token;
  }

  Page page() {
    return page;
  }

  /** Empty where none is set, or where no key of ours decrypts it. */
  Optional<String> token() {
    return token;
  }

  boolean isOlderThan(KnownPage other) {
    return page.updatedAt().isBefore(other.page.updatedAt());
  }
}
