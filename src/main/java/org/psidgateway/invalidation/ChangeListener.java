package org.psidgateway.invalidation;

import java.util.Set;
import org.psidgateway.model.PageId;

/**
 * A bean that holds copies of what PostgreSQL knows. It is told of every change at least once and
 * possibly again, after the commit, by one thread at a time, which may block. Where a method
 * throws, the same is told anew some seconds later.
 */
public interface ChangeListener {

  /** These Pages were made, changed or removed. */
  default void pagesChanged(Set<PageId> pages) {}

  /** What was known of these ids may be so no longer. An id may stand several times. */
  default void mappingsChanged(PageId page, long[] asids) {}

  /** Any copy may be out of date: this pod has just begun to listen, or could not for too long. */
  void anythingMayHaveChanged();
}
