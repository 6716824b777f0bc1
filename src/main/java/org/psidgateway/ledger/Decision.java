package org.psidgateway.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/** What a reserve decided. Exactly one of four; {@link #fold} makes the compiler ask for all. */
public sealed interface Decision {

  /** What was learnt about the candidates on the way, whatever was decided. */
  Seen seen();

  /** The one that it is. */
  default <T> T fold(
      Function<Granted, T> granted,
      Function<Nothing, T> nothing,
      Function<Wait, T> wait,
      Function<Denied, T> denied) {
    if (this instanceof Granted it) {
      return granted.apply(it);
    }
    if (this instanceof Nothing it) {
      return nothing.apply(it);
    }
    if (this instanceof Wait it) {
      return wait.apply(it);
    }
    return denied.apply((Denied) this);
  }

  /**
   * Committed knowledge of candidates that need not be asked.
   *
   * @param known answered already
   * @param foreign under way in another call, by its id; see {@link Ledger#revisit}
   * @param paused Pages that somebody wants PSIDs of, and that may not be asked about: of a call
   *     for all Pages only, since any other is {@link Denied}
   */
  record Seen(List<PageFindings> known, Map<UUID, long[]> foreign, Set<PageId> paused) {
    static final Seen NOTHING = new Seen(List.of(), Map.of(), Set.of());

    /** Whether some of the candidates were known or claimed already. */
    public boolean isCrowded() {
      return !known.isEmpty() || !foreign.isEmpty();
    }
  }

  /**
   * An upstream call: all that is needed to end it.
   *
   * @param id made by the caller
   * @param asids the ids that it asks, in the order of the answer
   * @param callers who asked first for each of them
   * @param account whose call it is; null for callers who wait
   */
  record Call(
      UUID id,
      PageId page,
      Lane lane,
      long[] asids,
      String[] callers,
      Tariff tariff,
      @Nullable Account account) {

    /** For callers who wait. */
    public Call(UUID id, PageId page, Lane lane, long[] asids, String[] callers, Tariff tariff) {
      this(id, page, lane, asids, callers, tariff, null);
    }

    /** Whose limits it is under: what is asked with the app's token is limited as the app. */
    public PageId limitedPage() {
      return tariff.pageTokens() ? page : PageId.ANY;
    }
  }

  /**
   * The ids that this call may ask, and nobody else: send it before {@code sendBefore}, then settle
   * it; or release it. Times are {@link org.psidgateway.time.Ticker#nanos}.
   *
   * @param call its ids are 1 or more, in the order of the candidates
   * @param decidedAt not later than the grant
   * @param pages the Pages that were registered, for a call for all Pages
   * @param missing ids that were said not to exist, once, a second ago or longer
   * @param probe whether there was a throttle just now: then an error that may be one in disguise
   *     is one
   */
  record Granted(
      Call call,
      List<PageId> pages,
      Set<Long> missing,
      int tokenRevision,
      long decidedAt,
      long sendBefore,
      boolean probe,
      Seen seen)
      implements Decision {

    public UUID callId() {
      return call.id();
    }

    public PageId page() {
      return call.page();
    }

    public long[] asids() {
      return call.asids();
    }

    /** How long ago, at {@code nanos}, the grant was asked for. */
    public Duration age(long nanos) {
      return Duration.ofNanos(nanos - decidedAt);
    }
  }

  /** No candidate is free: nothing was spent. */
  record Nothing(Seen seen) implements Decision {}

  /**
   * Not now: try again after {@code delay}.
   *
   * @param why what waiting ids answer
   * @param appWide whether no other call of this lane may go out before that either
   */
  record Wait(Duration delay, Fate why, boolean appWide, Seen seen) implements Decision {}

  /** Not at all, as things stand: the ids answer {@code why}. */
  record Denied(Fate why, Seen seen) implements Decision {}
}
