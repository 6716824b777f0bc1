package org.psidgateway.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the simulator was asked and what it gave, in the order of arrival, kept until {@link #reset}
 * (about 16 bytes per id, 150 per operation). A call is here before its answer leaves, also one
 * that never gets an answer: PSIDs count as converted once they are looked up, whether or not they
 * arrive. Thread-safe.
 */
public final class Witness {

  /**
   * One call.
   *
   * @param arrivedMillis epoch milliseconds of the simulator's clock
   * @param arrivedNanos {@link System#nanoTime()}, for intervals between calls
   * @param page 0 if the token belongs to no Page, and for ID Matching
   * @param operations of ID Matching in this call, 1 if it is no batch; 0 for {@code
   *     pages_id_mapping}
   * @param asked the distinct ids that have the form of one; empty for ID Matching, whose {@link
   *     Operation}s say more; not to be changed
   * @param outcome {@code answered}, or a keyword that says why not; the name of a fault if one
   *     struck
   * @param code the Graph error code answered, 0 if there was none
   * @param returned the PSIDs converted; not to be changed
   * @param converted the ids they belong to, in the same order; empty for ID Matching; not to be
   *     changed
   */
  public record Call(
      long arrivedMillis,
      long arrivedNanos,
      long page,
      int operations,
      long[] asked,
      String outcome,
      int code,
      long[] returned,
      long[] converted) {}

  /**
   * One operation of ID Matching: an element of a batch, or a single request.
   *
   * @param arrivedMillis as of its {@link Call}
   * @param arrivedNanos as of its {@link Call}
   * @param index in the batch, from 0
   * @param tokenPage the Page whose token it had; 0 for the app's
   * @param edge {@code ids_for_pages}, {@code ids_for_apps}, or empty for the node
   * @param id an ASID with the app's token, a PSID with a Page's; 0 if it hasn't the form of an id
   * @param page the Page asked for; 0 for all
   * @param after the cursor; empty for none
   * @param outcome as of a {@link Call}
   * @param code as of a {@link Call}
   * @param pages of the rows given; not to be changed
   * @param returned their PSIDs, in the same order; not to be changed
   */
  public record Operation(
      long arrivedMillis,
      long arrivedNanos,
      int index,
      long tokenPage,
      String edge,
      long id,
      long page,
      String after,
      String outcome,
      int code,
      long[] pages,
      long[] returned) {

    boolean gave(long wantedPage, long asid) {
      return tokenPage == 0 && id == asid && Arrays.stream(pages).anyMatch(p -> p == wantedPage);
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private long conversions;

  void add(Call call) {
    add(call, List.of());
  }

  synchronized void add(Call call, List<Operation> parts) {
    calls.add(call);
    operations.addAll(parts);
    conversions += call.returned().length;
  }

  /** All calls so far: a copy. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** All operations of ID Matching so far, in order: a copy. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
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

  /** Operations by outcome. */
  public Map<String, Integer> operationOutcomes() {
    Map<String, Integer> counts = new TreeMap<>();
    operations().forEach(operation -> counts.merge(operation.outcome(), 1, Integer::sum));
    return counts;
  }

  /** The most operations that arrived within any period of this length. */
  public int mostOperations(Duration period) {
    long[] arrivals = operations().stream().mapToLong(Operation::arrivedNanos).sorted().toArray();
    int most = 0;
    for (int i = 0, first = 0; i < arrivals.length; i++) {
      while (arrivals[i] - arrivals[first] >= period.toNanos()) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  /** Calls and operations that asked for this id on this Page or on all, refused ones too. */
  public int timesAsked(long page, long asid) {
    long alone =
        operations().stream()
            .filter(o -> o.tokenPage() == 0 && o.id() == asid)
            .filter(o -> o.page() == 0 || o.page() == page)
            .count();
    return times(page, asid, Call::asked) + (int) alone;
  }

  /** Calls and operations that gave the PSID of this id on this Page. */
  public int timesConverted(long page, long asid) {
    long alone = operations().stream().filter(o -> o.gave(page, asid)).count();
    return times(page, asid, Call::converted) + (int) alone;
  }

  private int times(long page, long asid, Function<Call, long[]> ids) {
    return (int)
        calls().stream()
            .filter(call -> call.page() == page)
            .filter(call -> Arrays.stream(ids.apply(call)).anyMatch(id -> id == asid))
            .count();
  }

  /** The highest number of conversions of one id on one Page; 0 if there were none. */
  public int maxTimesConverted() {
    Map<Long, List<long[]>> byPage = new HashMap<>();
    calls().stream()
        .filter(call -> call.page() > 0)
        .forEach(c -> byPage.computeIfAbsent(c.page(), p -> new ArrayList<>()).add(c.converted()));
    operations().stream()
        .filter(o -> o.tokenPage() == 0)
        .forEach(
            o -> {
              long[] id = {o.id()};
              Arrays.stream(o.pages())
                  .distinct()
                  .forEach(page -> byPage.computeIfAbsent(page, p -> new ArrayList<>()).add(id));
            });
    return byPage.values().stream().mapToInt(Witness::longestRun).max().orElse(0);
  }

  /** The ASID behind a PSID that was given before; 0 if it never was. */
  synchronized long asidOf(long page, long psid) {
    for (Call call : calls) {
      for (int i = 0; call.page() == page && i < call.converted().length; i++) {
        if (call.returned()[i] == psid) {
          return call.converted()[i];
        }
      }
    }
    for (Operation operation : operations) {
      for (int i = 0; operation.tokenPage() == 0 && i < operation.returned().length; i++) {
        if (operation.pages()[i] == page && operation.returned()[i] == psid) {
          return operation.id();
        }
      }
    }
    return 0;
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
    operations.clear();
    conversions = 0;
  }
}
