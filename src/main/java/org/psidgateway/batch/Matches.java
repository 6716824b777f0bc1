package org.psidgateway.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;

/**
 * What an answer says of the Pages that were registered when it was asked for: a row counts for the
 * Page that it names; an id whose last page was read has no PSID on the others; and an id is
 * rejected once two calls have said that it does not exist.
 */
final class Matches {
  private final Set<PageId> registered;
  private final SortedMap<PageId, SortedMap<Long, Long>> verdicts = new TreeMap<>();
  private final Map<Long, Set<PageId>> found = new HashMap<>();
  private final Map<Long, Set<PageId>> wanted = new HashMap<>();
  private final Map<Long, Progress> next = new HashMap<>();
  private final List<Long> answered = new ArrayList<>();
  private final List<Long> missing = new ArrayList<>();
  private final List<Long> endless = new ArrayList<>();

  /**
   * @param progress what was read before, of every id
   * @param wanted the Pages that somebody waits for, with their ids
   */
  Matches(
      Matched answer, Granted granted, Map<Long, Progress> progress, Map<PageId, long[]> wanted) {
    wanted.forEach(
        (page, asids) ->
            LongStream.of(asids)
                .forEach(
                    asid -> this.wanted.computeIfAbsent(asid, id -> new HashSet<>()).add(page)));
    registered = Set.copyOf(granted.pages());
    for (Match match : answer.matches()) {
      if (registered.contains(match.page())) {
        found.computeIfAbsent(match.asid(), id -> new HashSet<>()).add(match.page());
        put(match.page(), match.asid(), match.psid());
      }
    }
    for (long asid : answer.complete()) {
      conclude(asid, of(progress, asid), Verdict.UNMAPPED);
    }
    for (long asid : answer.missing()) {
      if (granted.missing().contains(asid)) {
        conclude(asid, of(progress, asid), Verdict.REJECTED);
      } else {
        missing.add(asid);
      }
    }
    answer.further().forEach((asid, cursor) -> further(asid, of(progress, asid), cursor, granted));
  }

  private static Progress of(Map<Long, Progress> progress, long asid) {
    return Objects.requireNonNull(progress.get(asid));
  }

  private void conclude(long asid, Progress progress, long verdict) {
    for (PageId page : progress.concluded()) {
      boolean told = progress.found().contains(page) || foundNow(asid).contains(page);
      if (registered.contains(page) && !told) {
        put(page, asid, verdict);
      }
    }
    answered.add(asid);
  }

  private void further(long asid, Progress progress, String cursor, Granted granted) {
    Set<PageId> open = new HashSet<>(wanted.getOrDefault(asid, Set.of()));
    open.removeAll(progress.found());
    open.removeAll(foundNow(asid));
    Progress after = progress.after(granted.callId(), cursor, foundNow(asid));
    if (open.isEmpty()) {
      answered.add(asid);
    } else if (progress.onePage()) {
      endless.add(asid);
    } else {
      next.put(asid, after.isExhausted() ? after.only(open.iterator().next()) : after);
    }
  }

  private Set<PageId> foundNow(long asid) {
    return found.getOrDefault(asid, Set.of());
  }

  private void put(PageId page, long asid, long verdict) {
    verdicts.computeIfAbsent(page, id -> new TreeMap<>()).put(asid, verdict);
  }

  /** What somebody waits for. */
  List<PageFindings> wanted() {
    return those(true);
  }

  /** What was said besides. */
  List<PageFindings> unasked() {
    return those(false);
  }

  private List<PageFindings> those(boolean isWanted) {
    List<PageFindings> those = new ArrayList<>();
    verdicts.forEach(
        (page, byAsid) -> {
          long[] asids =
              byAsid.keySet().stream()
                  .filter(asid -> wanted.getOrDefault(asid, Set.of()).contains(page) == isWanted)
                  .mapToLong(asid -> asid)
                  .toArray();
          if (asids.length > 0) {
            long[] theirs = Arrays.stream(asids).map(byAsid::get).toArray();
            those.add(new PageFindings(page, Findings.of(asids, theirs)));
          }
        });
    return those;
  }

  /** Ids about which nothing is open. */
  long[] answered() {
    return array(answered);
  }

  /** Ids that were said not to exist, for the first time. */
  long[] missing() {
    return array(missing);
  }

  /** Ids about which there is more to be read, see {@link #progress}. */
  long[] further() {
    return array(next.keySet());
  }

  /** Ids about which there was more to be read even when asked about one Page. */
  long[] endless() {
    return array(endless);
  }

  Progress progress(long asid) {
    return Objects.requireNonNull(next.get(asid));
  }

  private static long[] array(Collection<Long> asids) {
    return asids.stream().mapToLong(asid -> asid).toArray();
  }
}
