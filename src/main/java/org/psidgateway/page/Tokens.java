package org.psidgateway.page;

import java.util.Optional;
import org.psidgateway.model.PageId;

/** The part of the registry that upstream calls need; see {@link Pages}. Thread-safe. */
public interface Tokens {

  /** The Page as this pod remembers it. Blocks only if the pod remembers nothing of it. */
  Optional<Page> find(PageId page);

  /**
   * The token of exactly this revision, decrypted; empty if there is none, if it has been replaced,
   * or if no configured key decrypts it. Blocks only if this pod remembers another revision.
   */
  Optional<String> token(PageId page, int revision);

  /**
   * Pauses the Page because of a token or permission error, unless the token has been replaced
   * since, or the Page is paused already. Blocks.
   *
   * @param reason {@code token_invalid} or {@code permission_denied}
   */
  void pauseFor(PageId page, int tokenRevision, String reason);
}
