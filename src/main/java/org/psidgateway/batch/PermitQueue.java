package org.psidgateway.batch;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.CallPermits.Permit;
import org.psidgateway.ledger.Account;
import org.psidgateway.model.Lane;

/**
 * Who gets the next permit of a lane. The longest wait goes first. Of migrations only the first in
 * their order takes part; each tenth grant of all goes to another one of them, in turn, so that
 * none stands still for as long as the first one lasts. Guarded by its {@link CallPermits}.
 */
final class PermitQueue {
  private static final int TURN = 10;

  /** So many are remembered, though they may wait for nothing at the moment. */
  private static final int MOST_TURNS = 10_000;

  /**
   * @param account null for callers who wait
   */
  record Waiting(
      Lane lane,
      long since,
      @Nullable Account account,
      CompletableFuture<@Nullable Permit> permit) {

    boolean isOfMigration() {
      return account != null;
    }

    private Account migration() {
      return Objects.requireNonNull(account);
    }
  }

  private static final Comparator<Waiting> LONGEST = comparingLong(Waiting::since);
  private static final Comparator<Waiting> ORDER =
      Comparator.<Waiting>comparingLong(waiting -> waiting.migration().rank())
          .thenComparing(LONGEST);

  private final List<Waiting> waiting = new ArrayList<>();

  /** The number of each migration's latest grant, the oldest first. */
  private final Map<UUID, Long> turns = new LinkedHashMap<>();

  private long grants;

  void add(Waiting one) {
    waiting.add(one);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes the next one out; null if nobody waits. */
  @Nullable Waiting poll() {
    Optional<Waiting> first = migrations().min(ORDER);
    Optional<Waiting> next =
        first
            .filter(one -> (grants + 1) % TURN == 0)
            .flatMap(this::other)
            .or(() -> Stream.concat(callers(), first.stream()).min(LONGEST));
    next.ifPresent(waiting::remove);
    return next.orElse(null);
  }

  private Optional<Waiting> other(Waiting first) {
    return migrations()
        .filter(one -> one.migration() != first.migration())
        .min(
            Comparator.<Waiting>comparingLong(one -> turns.getOrDefault(one.migration().id(), 0L))
                .thenComparing(ORDER));
  }

  private Stream<Waiting> migrations() {
    return waiting.stream().filter(Waiting::isOfMigration);
  }

  private Stream<Waiting> callers() {
    return waiting.stream().filter(one -> !one.isOfMigration());
  }

  /** The permit has led to a grant. */
  void granted(Waiting one) {
    grants++;
    if (one.account() != null) {
      turns.remove(one.account().id());
      turns.put(one.account().id(), grants);
      if (turns.size() > MOST_TURNS) {
        turns.remove(turns.keySet().iterator().next());
      }
    }
  }

  /** Everybody, who waits no longer. */
  List<Waiting> clear() {
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }
}
