package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.psidgateway.testing.Sql;

/**
 * Watches all migrations of a database every 100 ms, beside whatever happens to the pods: counts
 * are conserved, never fall and never pass their whole; a working migration has a bottleneck; moves
 * are those of the table.
 */
final class MigrationAudit implements AutoCloseable {
  private static final Set<String> MOVES =
      Set.of(
          "uploading awaiting_confirmation",
          "uploading canary",
          "uploading running",
          "uploading completed",
          "uploading cancelled",
          "uploading expired",
          "uploading failed",
          "awaiting_confirmation canary",
          "awaiting_confirmation running",
          "awaiting_confirmation cancelled",
          "awaiting_confirmation expired",
          "awaiting_confirmation failed",
          "canary running",
          "canary paused",
          "canary completed",
          "canary cancelled",
          "canary expired",
          "canary failed",
          "running paused",
          "running completed",
          "running cancelled",
          "running expired",
          "running failed",
          "paused canary",
          "paused running",
          "paused cancelled",
          "paused expired",
          "paused failed");

  private static final String LOOK =
      """
      select id || ' ' || state || ' ' || received || ' ' || malformed || ' ' || duplicates || ' ' || distinct_ids
             || ' ' || already_known + mapped + unmapped + invalid + failed || ' ' || under_way || ' ' || unanswered
             || ' ' || units + units_held + units_uncertain || ' ' || coalesce(quota_cap, 9000000000)
        from migration
      """;

  private final Sql sql;
  private final Map<String, long[]> before = new HashMap<>();
  private final Map<String, String> states = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private int looks;

  MigrationAudit(World world) {
    this.sql = new Sql(world.database.dataSource());
    clock.scheduleWithFixedDelay(this::watch, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void watch() {
    try {
      sql.texts(LOOK).forEach(this::look);
      looks++;
    } catch (RuntimeException e) {
      findings.add(e.toString());
    }
  }

  private void look(String row) {
    String[] parts = row.split(" ", -1);
    String id = parts[0];
    String state = parts[1];
    long[] counts = new long[parts.length - 2];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Long.parseLong(parts[i + 2]);
    }
    boolean uploading = state.equals("uploading");
    long remaining = counts[3] - counts[4] - counts[5] - counts[6];
    expect(uploading || counts[0] == counts[1] + counts[2] + counts[3], "rows", row);
    expect(remaining >= 0 && counts[5] >= 0 && counts[6] >= 0, "negative", row);
    expect(counts[7] <= counts[8], "cap", row);
    long[] last = before.put(id, counts);
    String was = states.put(id, state);
    expect(last == null || uploading || counts[4] >= last[4], "percent falls", row);
    expect(was == null || was.equals(state) || reachable(was, state), "move from " + was, row);
    if (was != null && isEnd(was) && last != null) {
      expect(java.util.Arrays.equals(counts, last), "an end changes", row);
    }
    if (isEnd(state)) {
      expect(counts[5] == 0 && counts[6] == 0, "in flight at an end", row);
    }
  }

  /** In one step, or in two between two looks. */
  private static boolean reachable(String from, String to) {
    return MOVES.contains(from + " " + to)
        || MOVES.stream()
            .filter(move -> move.startsWith(from + " "))
            .map(move -> move.substring(from.length() + 1))
            .anyMatch(by -> MOVES.contains(by + " " + to) || reachesTwice(by, to));
  }

  private static boolean reachesTwice(String by, String to) {
    return MOVES.stream()
        .filter(move -> move.startsWith(by + " "))
        .anyMatch(move -> MOVES.contains(move.substring(by.length() + 1) + " " + to));
  }

  private static boolean isEnd(String state) {
    return Set.of("completed", "cancelled", "expired", "failed").contains(state);
  }

  private void expect(boolean holds, String what, String row) {
    if (!holds) {
      findings.add(what + ": " + row);
    }
  }

  /** Each diary is a chain of legal moves from the first state to the present one. */
  static void assertDiary(JsonNode migration) {
    String state = null;
    for (JsonNode event : migration.path("history")) {
      if (state == null) {
        assertThat(event.path("from").isNull()).isTrue();
      } else {
        assertThat(event.path("from").asText()).isEqualTo(state);
        assertThat(MOVES).contains(state + " " + event.path("to").asText());
      }
      state = event.path("to").asText();
    }
    assertThat(state).isEqualTo(migration.path("state").asText());
  }

  /** What the migrations' lists hold is what their rows count. */
  void assertCounted() {
    for (String row :
        sql.texts(
            "select list_no || ' ' || distinct_ids || ' ' || already_known + mapped || ' ' || unmapped"
                + " || ' ' || invalid || ' ' || failed || ' ' || unanswered"
                + " from migration where state <> 'uploading'")) {
      String[] parts = row.split(" ", -1);
      String counted =
          sql.texts(
                  "select count(*) || ' ' || count(*) filter (where verdict > 0) || ' ' || count(*) filter"
                      + " (where verdict = -1) || ' ' || count(*) filter (where verdict = -2) || ' ' || count(*)"
                      + " filter (where verdict < -2 or verdict = 0) from list_"
                      + parts[0]
                      + "_id")
              .get(0);
      long failed = Long.parseLong(parts[5]) + Long.parseLong(parts[6]);
      assertThat(counted)
          .isEqualTo(
              String.join(" ", parts[1], parts[2], parts[3], parts[4], Long.toString(failed)));
    }
  }

  @Override
  public void close() {
    clock.shutdown();
    try {
      assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(findings).isEmpty();
    assertThat(looks).isPositive();
  }
}
