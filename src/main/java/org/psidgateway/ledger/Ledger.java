package org.psidgateway.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * What is promised about spending, for all pods at once: at every moment {@code limit = committed +
 * held + uncertain + remaining}, an id is asked by one call at a time and never while it is known,
 * calls keep the pace, and none is granted in a cooldown, after the window's end, or for a paused
 * Page.
 *
 * <p>A call's life: <i>granted</i>, then <i>settled</i> (its answer is written, its units are
 * committed or released), <i>released</i> (it never left), or <i>uncertain</i> (nobody knows, so
 * its units stay counted), which a late answer still settles, and <i>reconciled</i> once the
 * upstream's own figure has taken its place.
 *
 * <p>Methods that throw {@link SQLException} block, fail while PostgreSQL is away, and take part in
 * no transaction of the caller's. Thread-safe.
 */
public interface Ledger {

  /**
   * What a batch asks for.
   *
   * @param callId made by the caller, so that it can release a grant whose reply was lost
   * @param page {@link PageId#ANY} to ask about all Pages at once
   * @param candidates distinct ids, 1 or more; more than {@code tariff.batchSize()} if some are
   *     likely to be known or claimed already
   * @param callers who asked first for each candidate
   * @param wanted the Pages that somebody wants a candidate's PSID of, with these candidates
   * @param continued calls of this process that there is more to be asked after: their claims pass
   *     to this call
   * @param tariff what the upstream's calls cost
   * @param isolation whether the call is made to find the bad id of an earlier one
   * @param retry whether the call is made because an earlier one failed for a while
   * @param timeout after which the caller gives the call up
   * @param account whose call it is; null for callers who wait
   */
  record Request(
      UUID callId,
      PageId page,
      Lane lane,
      long[] candidates,
      String[] callers,
      Map<PageId, long[]> wanted,
      Set<UUID> continued,
      Tariff tariff,
      boolean isolation,
      boolean retry,
      Duration timeout,
      @Nullable Account account) {

    /** For callers who wait. */
    public Request(
        UUID callId,
        PageId page,
        Lane lane,
        long[] candidates,
        String[] callers,
        Map<PageId, long[]> wanted,
        Set<UUID> continued,
        Tariff tariff,
        boolean isolation,
        boolean retry,
        Duration timeout) {
      this(
          callId,
          page,
          lane,
          candidates,
          callers,
          wanted,
          continued,
          tariff,
          isolation,
          retry,
          timeout,
          null);
    }

    /** The candidates that are wanted of this Page. */
    public long[] wanted(PageId page) {
      return wanted.getOrDefault(page, new long[0]);
    }

    /** The call that asks some of the candidates. */
    public Call call(long[] asids) {
      Map<Long, String> asking = new HashMap<>();
      for (int i = 0; i < candidates.length; i++) {
        asking.put(candidates[i], callers[i]);
      }
      String[] theirs = LongStream.of(asids).mapToObj(asking::get).toArray(String[]::new);
      return new Call(callId, page, lane, asids, theirs, tariff, account);
    }
  }

  /** Decides whether a call may go out now, and for which ids. */
  Decision reserve(Request request) throws SQLException;

  /** A call left in time, {@code after} its grant was asked for. */
  void sent(Duration after);

  /** A grant could not be used in time; later ones of this pod get a longer deadline. */
  void late(Granted granted);

  /** Whether the app, or this Page, is in a cooldown by now. */
  boolean coolingDown(PageId page) throws SQLException;

  /**
   * Ends a call. Idempotent; once it returns, answers and units are committed.
   *
   * @return what is stored: callers get no answer that is not
   */
  Settled settle(Settlement settlement) throws SQLException;

  /**
   * Looks again at ids that other calls were asking: those of {@link Seen#foreign}.
   *
   * @param wanted the Pages that somebody wants their PSIDs of, with these ids
   */
  Revisit revisit(Map<UUID, long[]> awaited, Map<PageId, long[]> wanted) throws SQLException;

  /**
   * What became of ids that other calls were asking.
   *
   * @param seen those still under way, by call, and those answered by now; the rest is free
   * @param lookAgain when to look once more, if some are under way
   */
  record Revisit(Seen seen, Duration lookAgain) {}
}
