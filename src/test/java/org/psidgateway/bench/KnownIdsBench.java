package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.psidgateway.model.Sha256;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/**
 * Known lists of 200 ids and known single ids, answered by the package on one core with the load
 * from the other, and the same from Webdis in front of Redis, turn by turn in one run: the machine
 * is noisy, the ratios count. Needs wrk, webdis, redis-server and taskset on the PATH; see
 * docs/benchmarks.md.
 */
class KnownIdsBench {
  private static final String TOKEN = "token-of-100";
  private static final int ROUNDS = 5;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SECONDS = 5;
  private static final long[] IDS =
      LongStream.range(1_000_000, 1_010_000).map(i -> i * 10_000_019).toArray();

  private final Map<String, List<Double>> rates = new LinkedHashMap<>();

  @Test
  void knownListsAndSingleIds_besideWebdis() throws Exception {
    Backing.Database database = Backing.freshDatabase();
    int redis = Pod.freePort();
    int webdis = Pod.freePort();
    List<Process> started = new ArrayList<>();
    try (Pod pod = settings(database).startOn("0")) {
      fill(database);
      intoL1(new Gateway(pod));
      started.add(start("taskset", "-c", "0", "redis-server", "--port", "" + redis, "--save", ""));
      fillRedis(redis);
      started.add(start("taskset", "-c", "0", "webdis", webdisConfig(redis, webdis)));
      String ours = pod.uri("").toString();
      String theirs = "http://127.0.0.1:" + webdis;
      wrk("lists.lua", ours, WARM_UP_SECONDS);
      wrk("single.lua", ours, WARM_UP_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        note("gateway, lists of 200", wrk("lists.lua", ours, SECONDS));
        note("Webdis, lists of 200", wrk("webdis-lists.lua", theirs, SECONDS));
        note("gateway, one id", wrk("single.lua", ours, SECONDS));
        note("Webdis, one id", wrk("webdis-single.lua", theirs, SECONDS));
      }
      print();
    } finally {
      started.forEach(Process::destroy);
    }
  }

  /** What the form of Graph costs: at most a fifth of the time more. */
  @Test
  void knownLists_throughTheDoor_besideV1() throws Exception {
    Backing.Database database = Backing.freshDatabase();
    try (Pod pod = settings(database).with("gateway.door.enabled", "true").startOn("0")) {
      fill(database);
      intoL1(new Gateway(pod));
      String url = pod.uri("").toString();
      wrk("lists.lua", url, WARM_UP_SECONDS);
      wrk("door.lua", url, WARM_UP_SECONDS);
      for (int round = 0; round < 2 * ROUNDS; round++) {
        note("v1, lists of 200", wrk("lists.lua", url, SECONDS));
        note("door, lists of 200", wrk("door.lua", url, SECONDS));
      }
      print();
    }
  }

  /** Another build of the gateway, turn by turn in the same run: before and after a change. */
  @Test
  @EnabledIfSystemProperty(named = "bench.other", matches = ".+")
  void knownListsAndSingleIds_besideAnotherBuild() throws Exception {
    Backing.Database database = Backing.freshDatabase();
    Path jar = Path.of(System.getProperty("bench.other"), "quarkus-run.jar");
    try (Pod pod = settings(database).startOn("0");
        Pod other = settings(database).withJar(jar).startOn("0")) {
      fill(database);
      Map<String, Pod> pods = new LinkedHashMap<>(Map.of("this build", pod, "the other", other));
      for (Pod each : pods.values()) {
        intoL1(new Gateway(each));
        wrk("lists.lua", each.uri("").toString(), WARM_UP_SECONDS);
        wrk("single.lua", each.uri("").toString(), WARM_UP_SECONDS);
      }
      for (int round = 0; round < 2 * ROUNDS; round++) {
        for (String script : List.of("lists", "single")) {
          for (Map.Entry<String, Pod> each : pods.entrySet()) {
            String url = each.getValue().uri("").toString();
            note(each.getKey() + ", " + script, wrk(script + ".lua", url, SECONDS));
          }
        }
      }
      print();
    }
  }

  private static Pod.Settings settings(Backing.Database database) {
    return new Pod.Settings(database, "http://localhost:1");
  }

  private static void intoL1(Gateway gateway) {
    for (int from = 0; from < IDS.length; from += 1000) {
      assertThat(
              gateway
                  .resolve(100, 5, LongStream.of(IDS).skip(from).limit(1000).toArray())
                  .mappings())
          .hasSize(1000);
    }
  }

  private static void fill(Backing.Database database) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                insert into mapping (page_id, asid, psid, resolved_at)
                select 100, asid, asid + 7, now() from unnest(?::bigint[]) as t(asid)
                """)) {
      insert.setObject(1, IDS);
      insert.executeUpdate();
    }
  }

  private static void fillRedis(int port) throws Exception {
    for (int tries = 0; ; tries++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        StringBuilder commands = new StringBuilder();
        LongStream.of(IDS)
            .forEach(
                id -> commands.append("SET ").append(id).append(' ').append(id + 7).append("\r\n"));
        socket.getOutputStream().write(commands.toString().getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readNBytes(IDS.length * 5); // +OK\r\n each
        return;
      } catch (IOException e) {
        if (tries == 1000) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static String webdisConfig(int redis, int port) throws IOException {
    Path file = Files.createTempFile("webdis", ".json");
    Files.writeString(
        file,
        """
        {"redis_host": "127.0.0.1", "redis_port": %d, "http_host": "127.0.0.1", "http_port": %d,
         "threads": 1, "pool_size": 20, "daemonize": false, "websockets": false, "database": 0,
         "verbosity": 0, "logfile": "/dev/null"}
        """
            .formatted(redis, port));
    return file.toString();
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static double wrk(String script, String url, int seconds) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "taskset",
            "-c",
            "1",
            "wrk",
            "-t1",
            "-c32",
            "-d" + seconds + "s",
            "-s",
            "src/bench/" + script,
            url);
    builder.environment().put("BENCH_KEY", Pod.KEY);
    builder.environment().put("BENCH_TOKEN", TOKEN);
    byte[] secret = "app-secret".getBytes(StandardCharsets.UTF_8);
    builder.environment().put("BENCH_PROOF", HexFormat.of().formatHex(Sha256.hmac(secret, TOKEN)));
    Process process = builder.redirectErrorStream(true).start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(report).isZero();
    assertThat(report).doesNotContain("Non-2xx");
    Matcher rate = Pattern.compile("Requests/sec:\\s+([0-9.]+)").matcher(report);
    assertThat(rate.find()).as(report).isTrue();
    return Double.parseDouble(rate.group(1));
  }

  private void note(String what, double rate) {
    rates.computeIfAbsent(what, w -> new ArrayList<>()).add(rate);
  }

  private void print() throws IOException {
    Path file = Path.of("target", "known-ids-bench.txt");
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8)) {
      out.printf("%-24s %10s %10s %10s   requests/s on one core%n", "", "min", "median", "max");
      rates.forEach(
          (what, list) -> {
            List<Double> sorted = list.stream().sorted().toList();
            out.printf(
                "%-24s %10.0f %10.0f %10.0f%n",
                what, sorted.get(0), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
          });
    }
    System.Logger logger = System.getLogger("bench");
    logger.log(
        System.Logger.Level.INFO,
        () -> {
          try {
            return "\n" + Files.readString(file);
          } catch (IOException e) {
            return e.toString();
          }
        });
  }
}
