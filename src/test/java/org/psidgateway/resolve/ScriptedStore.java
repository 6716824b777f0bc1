package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.store.Lookups;
import org.psidgateway.trace.Trace;

/** A store that knows what the test says, and is away or hangs when the test says so. */
final class ScriptedStore implements Lookups {
  static final Instant CHECKED_AT = Instant.parse("2026-11-01T10:00:00Z");

  /** By ASID. */
  final Map<Long, Long> rows = new HashMap<>();

  /** What a replica reports before the database is asked, by ASID. */
  final Map<Long, Long> replica = new HashMap<>();

  /** Which ids it was asked for, and until when. */
  final List<Long> asked = new ArrayList<>();

  final Set<Long> deadlines = new HashSet<>();
  boolean shareable = true;
  boolean away;
  boolean hangs;
  boolean abandoned;
  private UniEmitter<? super Object> hung;

  /** Lets a call that hangs go on. */
  void goOn() {
    hangs = false;
    hung.complete(null);
  }

  @Override
  public Uni<Void> lookUp(
      PageId page, long[] asids, long until, Trace trace, Consumer<Known> into) {
    return ask(
        asids,
        until,
        () -> {
          report(asids, replica, into);
          failIfAway();
          report(asids, rows, into);
          return null;
        });
  }

  @Override
  public Uni<Optional<Mapping>> find(
      PageId page, long asid, long until, Trace trace, Consumer<Known> into) {
    return ask(
        new long[] {asid},
        until,
        () -> {
          failIfAway();
          report(new long[] {asid}, rows, into);
          return Optional.ofNullable(rows.get(asid)).map(verdict -> mapping(page, asid, verdict));
        });
  }

  @Override
  public Uni<long[]> knownPsids(PageId page, long[] candidates, long until, Trace trace) {
    return ask(
        candidates,
        until,
        () -> {
          failIfAway();
          return Arrays.stream(candidates).filter(rows::containsValue).toArray();
        });
  }

  @Override
  public Uni<List<Mapping>> findByPsid(PageId page, long psid, long until, Trace trace) {
    return ask(
        new long[] {psid},
        until,
        () -> {
          failIfAway();
          return rows.entrySet().stream()
              .filter(row -> row.getValue() == psid)
              .map(row -> mapping(page, row.getKey(), psid))
              .toList();
        });
  }

  private <T> Uni<T> ask(long[] ids, long until, Supplier<T> answer) {
    Arrays.stream(ids).forEach(asked::add);
    deadlines.add(until);
    return hangs ? hang().map(done -> answer.get()) : Uni.createFrom().item(answer);
  }

  private Uni<Object> hang() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              hung = emitter;
              emitter.onTermination(() -> abandoned = true);
            });
  }

  private void failIfAway() {
    if (away) {
      throw new IllegalStateException("away");
    }
  }

  private void report(long[] asids, Map<Long, Long> from, Consumer<Known> into) {
    long[] found = Arrays.stream(asids).filter(from::containsKey).toArray();
    if (found.length > 0) {
      long[] verdicts = Arrays.stream(found).map(from::get).toArray();
      long[] checkedAt = new long[found.length];
      Arrays.fill(checkedAt, CHECKED_AT.getEpochSecond());
      into.accept(new Known(new Findings(found, verdicts, checkedAt), shareable));
    }
  }

  private static Mapping mapping(PageId page, long asid, long verdict) {
    return new Mapping(page, asid, verdict, Source.STORE, CHECKED_AT, CHECKED_AT);
  }
}
