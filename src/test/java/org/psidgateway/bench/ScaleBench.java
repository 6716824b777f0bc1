package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/**
 * The figures of docs/scale.md: bytes per mapping, and processor time per million look-ups, by
 * where they are answered. Processor time, not wall-clock time: neighbours on the machine hardly
 * matter.
 */
class ScaleBench {
  private static final int MAPPINGS = Integer.getInteger("scale.mappings", 5_000_000);
  private static final int LISTS = Integer.getInteger("scale.lists", 5_000);
  private static final int CHUNK = 100_000;
  private static final int LIST = 200;
  private static final int AT_ONCE = 8;
  private static final long PAGE = 100;

  /** Ids as they come: all over the place, not one after the other. */
  private static final String ID_OF = "(hashint8extended(%s, 7) & 281474976710655) + 1000000";

  private final Backing.Database database = Backing.freshDatabase();
  private final StringBuilder figures = new StringBuilder();

  @Test
  void bytes_andProcessorTime() throws IOException, SQLException {
    fill();
    note("PostgreSQL, table, bytes per mapping", size("pg_table_size") / MAPPINGS);
    note("PostgreSQL, indexes, bytes per mapping", size("pg_indexes_size") / MAPPINGS);
    List<long[]> lists = lists();
    try (Pod pod = pod().with("gateway.cache.l1.max-entries", "0").start()) {
      lookUp("PostgreSQL", pod, lists, Map.of());
    }
    try (OwnRedis redis = new OwnRedis();
        Pod pod = pod().with("gateway.cache.l1.max-entries", "0").withRedis(redis.port()).start()) {
      double before = figure(redis, "used_memory");
      Gateway gateway = new Gateway(pod).overHttp1();
      lists.forEach(list -> gateway.resolve(PAGE, 5, list));
      double entries = LISTS * (double) LIST;
      Awaitility.await().until(() -> redis.ask(Command.DBSIZE).toLong() > 0.99 * entries);
      note("Redis, bytes per mapping", (figure(redis, "used_memory") - before) / entries);
      lookUp("Redis", pod, lists, Map.of("Redis", (long) figure(redis, "process_id")));
    }
    try (Pod pod = pod().start()) {
      lookUp("the pod's memory", pod, lists, Map.of());
    }
    Files.writeString(Path.of("target", "scale-bench.txt"), figures);
    System.getLogger("bench").log(System.Logger.Level.INFO, () -> "\n" + figures);
  }

  private Pod.Settings pod() {
    return new Pod.Settings(database, "http://localhost:1");
  }

  private void fill() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < MAPPINGS; from += CHUNK) {
        statement.execute(
            "insert into mapping (page_id, asid, psid, resolved_at) select %d, %s, %s, now()"
                    .formatted(PAGE, ID_OF.formatted("g"), ID_OF.formatted("-g - 1"))
                + " from generate_series(%d, %d) g".formatted(from, from + CHUNK - 1)
                + " on conflict do nothing");
      }
      statement.execute("vacuum (analyze) mapping");
    }
  }

  private double size(String function) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select sum(" + function + "(relid)) from pg_partition_tree('mapping')")) {
      row.next();
      return row.getDouble(1);
    }
  }

  private List<long[]> lists() throws SQLException {
    List<long[]> lists = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select asid from mapping order by hashint8(asid) limit " + LISTS * LIST)) {
      for (int list = 0; list < LISTS; list++) {
        long[] asids = new long[LIST];
        for (int i = 0; i < LIST; i++) {
          rows.next();
          asids[i] = rows.getLong(1);
        }
        lists.add(asids);
      }
    }
    return lists;
  }

  /** Twice: the first time warms compilers and caches up. */
  private void lookUp(String where, Pod pod, List<long[]> lists, Map<String, Long> others)
      throws SQLException {
    Gateway gateway = new Gateway(pod).overHttp1();
    ask(gateway, lists);
    Map<String, Long> pids = new LinkedHashMap<>(others);
    pids.put("gateway", pod.pid());
    List<Long> backends = backends();
    Map<String, Duration> before = times(pids, backends);
    ask(gateway, lists);
    double millions = LISTS * LIST / 1e6;
    times(pids, backends)
        .forEach(
            (process, time) ->
                note(
                    "from " + where + ", CPU seconds per million, " + process,
                    time.minus(before.get(process)).toMillis() / 1e3 / millions));
  }

  private static void ask(Gateway gateway, List<long[]> lists) {
    for (int i = 0; i < lists.size(); i += AT_ONCE) {
      List<CompletableFuture<Answer>> answers =
          lists.subList(i, Math.min(lists.size(), i + AT_ONCE)).stream()
              .map(list -> gateway.resolveAsync(PAGE, 5, list))
              .toList();
      answers.forEach(answer -> assertThat(answer.join().mappings()).hasSize(LIST));
    }
  }

  private static Map<String, Duration> times(Map<String, Long> pids, List<Long> backends) {
    Map<String, Duration> times = new LinkedHashMap<>();
    pids.forEach((name, pid) -> times.put(name, time(pid)));
    times.put(
        "PostgreSQL",
        backends.stream().map(ScaleBench::time).reduce(Duration.ZERO, Duration::plus));
    return times;
  }

  private static Duration time(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** The processes that serve the pod's connections. */
  private List<Long> backends() throws SQLException {
    List<Long> pids = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select pid from pg_stat_activity where application_name = 'psid-gateway'"
                    + " and datname = current_database()")) {
      while (rows.next()) {
        pids.add(rows.getLong(1));
      }
    }
    return pids;
  }

  private static double figure(OwnRedis redis, String name) {
    return redis
        .ask(Command.INFO)
        .toString()
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private void note(String what, double figure) {
    figures.append(String.format(Locale.ROOT, "%-58s %10.2f%n", what, figure));
  }
}
