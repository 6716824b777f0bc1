package org.psidgateway.batch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.psidgateway.model.PageId;
import org.psidgateway.upstream.Question.Further;

/**
 * What has been read about an id whose PSIDs don't fit on one page of the answer. Rows are kept as
 * they come; only the last page says which Pages have none.
 *
 * @param call that read the latest page, and still claims the id
 * @param further where to go on
 * @param read pages of the answer so far
 * @param pages the Pages that were registered when the first one was asked for
 * @param found the ones that had a row so far
 */
record Progress(UUID call, Further further, int read, List<PageId> pages, Set<PageId> found) {
  /** An answer with more pages than this leads nowhere. */
  static final int MOST = 20;

  /** Of an id that is asked from the start. */
  static Progress none(UUID call, List<PageId> pages) {
    return new Progress(call, Further.FROM_THE_START, 0, pages, Set.of());
  }

  /** Whether no further page is read: then the Pages that are wanted are asked about one by one. */
  boolean isExhausted() {
    return read >= MOST;
  }

  /** Whether it is asked about one Page alone. */
  boolean onePage() {
    return further.only().isPresent();
  }

  /** The Pages that the end of the answer says something about. */
  List<PageId> concluded() {
    return further.only().map(List::of).orElse(pages);
  }

  /** After a page of the answer with a cursor. */
  Progress after(UUID by, String cursor, Set<PageId> foundNow) {
    Set<PageId> all = new HashSet<>(found);
    all.addAll(foundNow);
    return new Progress(by, Further.after(cursor), read + 1, pages, all);
  }

  Progress only(PageId page) {
    return new Progress(call, Further.only(page), read, pages, found);
  }
}
