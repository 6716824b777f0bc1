package org.psidgateway.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the simulator was asked and what it gave, in the order of arrival, kept until {@link #reset}
 * (about 16 bytes per id). A call is here before its answer leaves, also one that never gets an
 * answer: PSIDs count as converted once they are looked up, whether or not they arrive.
 * Thread-safe.
 */
public final class Witness {

  /**
   * One call.
   *
   * @param arrivedMillis epoch milliseconds of the simulator's clock
   * @param arrivedNanos {@link System#nanoTime()}, for intervals between calls
   * @param page 0 if the token belongs to no Page
   * @param asked the distinct ids that have the form of one; not to be changed
   * @param outcome {@code answered}, or a keyword that says why not; the name of a fault if one
   *     struck
   * @param code the Graph error code answered, 0 if there was none
   * @param returned the PSIDs converted; not to be changed
   * @param converted the ids they belong to, in the same order; not to be changed
   */
  public record Call(
      long arrivedMillis,
      long arrivedNanos,
      long page,
      long[] asked,
      String outcome,
      int code,
      long[] returned,
      long[] converted) {}

  private final List<Call> calls = new ArrayList<>();
  private long conversions;

  synchronized void add(Call call) {
    calls.add(call);
    conversions += call.returned().length;
  }

  /** All calls so far: a copy. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** PSIDs given since the last reset, repeats included. */
  public synchronized long conversions() {
    return conversions;
  }

  /** Calls by outcome. */
  public Map<String, Integer> outcomes() {
    Map<String, Integer> counts = new TreeMap<>();
    calls().forEach(call -> counts.merge(call.outcome(), 1, Integer::sum));
    return counts;
  }

  /** Calls that carried this id, refused ones too. */
  public int timesAsked(long page, long asid) {
    return times(page, asid, Call::asked);
  }

  /** Calls that spent a conversion on this id. */
  public int timesConverted(long page, long asid) {
    return times(page, asid, Call::converted);
  }

  private int times(long page, long asid, Function<Call, long[]> ids) {
    return (int)
        calls().stream()
            .filter(call -> call.page() == page)
            .filter(call -> Arrays.stream(ids.apply(call)).anyMatch(id -> id == asid))
            .count();
  }

  /** How often the most often converted id was converted; 0 if none was. */
  public int maxTimesConverted() {
    Map<Long, List<long[]>> byPage = new HashMap<>();
    calls()
        .forEach(c -> byPage.computeIfAbsent(c.page(), p -> new ArrayList<>()).add(c.converted()));
    return byPage.values().stream().mapToInt(Witness::longestRun).max().orElse(0);
  }

  /** Sorts instead of counting in a map: millions of ids fit into memory. */
  private static int longestRun(List<long[]> lists) {
    long[] ids = lists.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    int longest = 0;
    for (int i = 0, start = 0; i < ids.length; i++) {
      if (ids[i] != ids[start]) {
        start = i;
      }
      longest = Math.max(longest, i - start + 1);
    }
    return longest;
  }

  /** Forgets every call. What was spent of the simulator's quota stays spent. */
  public synchronized void reset() {
    calls.clear();
    conversions = 0;
  }
}
