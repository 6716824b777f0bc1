package org.psidgateway.invalidation;

import java.util.Set;
import org.psidgateway.model.PageId;

/**
 * A bean that holds copies of what PostgreSQL knows. It learns of every change at least once, and
 * possibly again, after the commit, on one thread at a time, which may block. If a method throws,
 * the same change is reported again some seconds later.
 */
public interface ChangeListener {

  /** These Pages were made, changed or removed. */
  default void pagesChanged(Set<PageId> pages) {}

  /** What was known of these ids may no longer hold. An id may occur several times. */
  default void mappingsChanged(PageId page, long[] asids) {}

  /** Any copy may be out of date: this pod has just begun to listen, or could not for too long. */
  void anythingMayHaveChanged();
}
