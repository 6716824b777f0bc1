package org.psidgateway.store;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.trace.Trace;

/**
 * What PostgreSQL knows, for callers that must not block. A replica is asked first if there is one
 * that can be trusted: it takes load off the database, and goes on while that is away. Deadlines
 * are by {@link org.psidgateway.time.Ticker#nanos()}; what PostgreSQL has not answered by then
 * fails, as does an outage. Thread-safe.
 */
public interface Lookups {

  /**
   * What was found.
   *
   * @param shareable whether other pods may have it from this one: not while a change of it could
   *     have been missed here
   */
  record Known(Findings findings, boolean shareable) {}

  /**
   * What is known of {@code asids}, in one or two parts, one after the other; ends when that is
   * all. What was found before a failure has been reported.
   */
  Uni<Void> lookUp(PageId page, long[] asids, long until, Trace trace, Consumer<Known> into);

  /** One id, which is reported as well; an expired negative is not known. */
  Uni<Optional<Mapping>> find(
      PageId page, long asid, long until, Trace trace, Consumer<Known> into);

  /** Which of {@code candidates} are PSIDs of this Page. */
  Uni<long[]> knownPsids(PageId page, long[] candidates, long until, Trace trace);

  /** Every mapping of this Page that leads to {@code psid}, by ascending ASID. */
  Uni<List<Mapping>> findByPsid(PageId page, long psid, long until, Trace trace);
}
