package org.psidgateway.page;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/**
 * The registry of Pages. What was read once is remembered, so that look-ups go on while PostgreSQL is
 * away; a Page unknown to this pod's memory falls through to PostgreSQL. Thread-safe.
 */
@ApplicationScoped
public class Pages {

  /** Whether this pod remembers the Page. Never blocks; false says only "not known here". */
  public boolean remembers(PageId page) {
    throw new UnsupportedOperationException();
  }

  /** Blocking. */
  public Optional<Page> find(PageId page) {
    throw new UnsupportedOperationException();
  }

  /** All Pages, by id. Blocking. */
  public List<Page> all() {
    throw new UnsupportedOperationException();
  }

  /**
   * Creates or changes a Page; null keeps the present value. Blocking.
   *
   * @throws TooManyTestPages where this would make a sixth test page
   */
  public Saved save(
      PageId page,
      @Nullable String name,
      @Nullable Long fans,
      @Nullable Boolean testPage,
      @Nullable Boolean paused) {
    throw new UnsupportedOperationException();
  }

  /** Encrypts and keeps the token, and lifts a pause that a token caused. False: no such Page. */
  public boolean setToken(PageId page, String token) {
    throw new UnsupportedOperationException();
  }

  /**
   * The token of exactly this revision, decrypted; empty where there is none or it has been replaced.
   * Blocking only where this pod has not seen the revision yet.
   */
  public Optional<String> token(PageId page, int revision) {
    throw new UnsupportedOperationException();
  }

  /**
   * Pauses the Page because of a token or permission error, unless the token has been replaced since.
   *
   * @param reason {@code token_invalid} or {@code permission_denied}
   */
  public void pauseFor(PageId page, int tokenRevision, String reason) {
    throw new UnsupportedOperationException();
  }

  /** The outcome of {@link #save}. */
  public record Saved(Page page, boolean created) {}
}
