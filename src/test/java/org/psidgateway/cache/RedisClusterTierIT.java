package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.PlainGuards;
import org.psidgateway.testing.QuarkusRedis;
import org.psidgateway.testing.RedisNodes;
import org.psidgateway.time.Ticker;

/** Against a real cluster of three masters. */
class RedisClusterTierIT {
  private static final PageId PAGE = new PageId(100);
  private static final long[] IDS = LongStream.range(1, 301).toArray();
  private static final Duration TIMEOUT = Duration.ofMillis(200);

  /** On top of the time-out, on a machine with two busy cores. */
  private static final Duration MARGIN = Duration.ofMillis(400);

  private static RedisNodes nodes;
  private static PlainGuards guards;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RedisTier tier = tier(registry);

  @BeforeAll
  static void startNodes() {
    nodes = RedisNodes.get();
    guards = new PlainGuards();
  }

  @AfterAll
  static void stopGuards() throws Exception {
    guards.close();
  }

  @BeforeEach
  void fill() {
    nodes.flush();
    keepUntilFound(IDS);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private RedisTier tier(SimpleMeterRegistry meters) {
    return new RedisTier(
        new ClusterPipeline(QuarkusRedis.bareClient(vertx, keys()), vertx, Ticker.system()),
        () -> Settings.FORMAT,
        Settings.PATIENT.withTimeout(TIMEOUT),
        Duration.ofDays(30),
        InstantSource.system(),
        new CacheMeters(meters),
        Settings.SERVERS,
        guards::builder);
  }

  /** With less patience than shipped, so that a test need not have more. */
  private static Map<String, String> keys() {
    Map<String, String> keys = new HashMap<>(nodes.keys());
    keys.put("tcp.read-idle-timeout", "1S");
    return keys;
  }

  private void keepUntilFound(long... ids) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInSameThread()
        .until(
            () -> {
              tier.keep(PAGE, mapped(ids));
              return Arrays.equals(find(ids).asids(), ids);
            });
  }

  private static Findings mapped(long... ids) {
    long[] psids = Arrays.stream(ids).map(id -> id * 7).toArray();
    long[] times = Arrays.stream(ids).map(id -> 1_800_000_000L).toArray();
    return new Findings(ids, psids, times);
  }

  private Findings find(long... ids) {
    return find(tier, ids);
  }

  /** Fails if the look-up fails, takes too long, or finds something wrong. */
  private static Findings find(RedisTier tier, long... ids) {
    long start = System.nanoTime();
    Findings found = tier.find(PAGE, ids).await().atMost(Duration.ofSeconds(30));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(MARGIN));
    assertThat(found.verdicts()).isEqualTo(mapped(found.asids()).verdicts());
    return found;
  }

  private static long[] idsOf(int node) {
    return Arrays.stream(IDS).filter(id -> owner(id) == node).toArray();
  }

  private static int owner(long id) {
    return nodes.owner(nodes.slot(Settings.FORMAT.key(PAGE.value(), id)));
  }

  @Test
  void find_list_isOnePipelineANode_inTheOrderOfTheList() {
    long[] shuffled = Arrays.stream(IDS).map(id -> id * 7919 % 307).filter(id -> id > 0).toArray();
    keepUntilFound(shuffled);
    int[] before = reads();

    assertThat(find(shuffled).asids()).isEqualTo(shuffled);

    int[] after = reads();
    for (int node = 0; node < 3; node++) {
      assertThat(idsOf(node)).hasSizeGreaterThan(50);
      assertThat(after[node] - before[node]).as("reads").isLessThan(10);
    }
  }

  /** How often each node read from a client: once per pipeline of some kilobytes. */
  private static int[] reads() {
    return IntStream.range(0, 3).map(node -> figure(node, "total_reads_processed:")).toArray();
  }

  @Test
  void find_longestList_isFound() {
    long[] many = LongStream.range(1, 10_001).toArray();
    keepUntilFound(many); // each try within the time that a look-up has
  }

  /** Redis takes what is between braces for the key, wherever these bytes come from. */
  @Test
  void keysThatHoldBraces_lieWhereRedisLooksForThem() {
    long[] odd = {
      0x00_7B_01_02_7D_03_04_05L, // a tag
      0x00_7B_01_02_7D_09_09_09L, // the same one
      0x00_7B_7D_03_04_05_06_07L, // an empty one is none
      0x00_7D_7B_03_04_05_06_07L,
      0x00_7B_7B_01_7D_7D_06_07L,
      0x00_00_00_00_00_00_00_7BL,
      0x7B_FF_FE_80_7D_81_82_83L // bytes that are negative in Java
    };
    int redirected = redirections();

    keepUntilFound(odd);

    for (long id : odd) {
      byte[] key = Settings.FORMAT.key(PAGE.value(), id);
      assertThat(nodes.node(owner(id)).ask(Command.EXISTS, key).toInteger()).isOne();
    }
    assertThat(owner(odd[0])).isEqualTo(owner(odd[1]));
    assertThat(redirections()).isEqualTo(redirected);
    tier.forget(PAGE, odd).await().atMost(Duration.ofSeconds(10));
    assertThat(find(odd).size()).isZero();
  }

  private static int redirections() {
    return IntStream.range(0, 3).map(node -> figure(node, "errorstat_MOVED:count=")).sum();
  }

  @Test
  void connectionsClosedForIdleness_costNoId() {
    await().until(() -> IntStream.range(0, 3).noneMatch(RedisClusterTierIT::isConnected));
    assertThat(find(IDS).asids()).isEqualTo(IDS);
    assertThat(requests("error")).isZero();
  }

  /** Whether there is a client whose latest command was a look-up. */
  private static boolean isConnected(int node) {
    return nodes.node(node).ask(Command.CLIENT, "LIST").toString().contains("cmd=mget");
  }

  @Test
  void nodeKilled_theOthersAnswer_andItselfOnceItIsBack() throws Exception {
    long[] there = Arrays.stream(IDS).filter(id -> owner(id) != 1).toArray();
    long[] away = idsOf(1);
    double errors = requests("error");

    nodes.node(1).kill();
    try {
      for (int i = 0; i < 50; i++) {
        assertThat(find(IDS).asids()).isEqualTo(there);
      }
      assertThat(requests("error") - errors).isEqualTo(50 * away.length);
      assertThat(breaker()).isZero();
      assertThatThrownBy(() -> tier.forget(PAGE, IDS).await().atMost(Duration.ofSeconds(10)))
          .hasMessageContaining("not deleted");
      assertThat(find(tier(new SimpleMeterRegistry()), IDS).size()).as("of a new pod").isZero();
      // As clusters are by default: while one node is away none answers.
      fullCoverage("yes");
      await().pollInSameThread().until(() -> find(IDS).size() == 0 && breaker() == 2);
    } finally {
      nodes.node(1).start();
      fullCoverage("no");
    }

    keepUntilFound(IDS);
    nodes.awaitWhole();
  }

  private static void fullCoverage(String yes) {
    for (int node : new int[] {0, 2}) {
      nodes.node(node).ask(Command.CONFIG, "SET", "cluster-require-full-coverage", yes);
    }
  }

  @Test
  void nodeFrozen_theOthersAnswerOnceItIsGivenUp_andItselfOnceItIsThawed() throws Exception {
    long[] there = Arrays.stream(IDS).filter(id -> owner(id) != 2).toArray();
    nodes.node(2).freeze();
    try {
      assertThat(find(IDS).size()).isZero();
      await().pollInSameThread().until(() -> Arrays.equals(find(IDS).asids(), there));
    } finally {
      nodes.node(2).thaw();
    }

    keepUntilFound(IDS);
    nodes.awaitWhole();
  }

  @Test
  void tooManyClients_andFewerAgain() {
    eachNode(Command.CONFIG, "SET", "maxclients", "1");
    eachNode(Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
    try {
      await().pollInSameThread().until(() -> find(IDS).size() == 0 && breaker() == 2);
    } finally {
      eachNode(Command.CONFIG, "SET", "maxclients", "100");
    }

    keepUntilFound(IDS);
  }

  private static void eachNode(Command command, Object... args) {
    IntStream.range(0, 3).forEach(node -> nodes.node(node).ask(command, args));
  }

  @Test
  void slotThatMoves_isFollowed() {
    long id = idsOf(0)[0];
    byte[] key = Settings.FORMAT.key(PAGE.value(), id);
    int slot = nodes.slot(key);
    double errors = requests("error");

    nodes.beginMove(slot, 0, 1);
    nodes.moveKey(key, 0, 1);
    try {
      assertThat(find(IDS).asids()).as("asked for there").isEqualTo(IDS);
    } finally {
      nodes.endMove(slot, 1);
    }
    assertThat(find(IDS).asids()).as("moved").isEqualTo(IDS);
    keepUntilFound(IDS);
    assertThat(nodes.node(1).ask(Command.EXISTS, key).toInteger()).isOne();
    assertThat(requests("error")).isEqualTo(errors);

    nodes.beginMove(slot, 1, 0);
    nodes.moveKey(key, 1, 0);
    nodes.endMove(slot, 0);
    assertThat(find(IDS).asids()).isEqualTo(IDS);
  }

  private double requests(String result) {
    return registry
        .get("gateway.cache.requests")
        .tag("tier", "l2")
        .tag("result", result)
        .counter()
        .count();
  }

  private double breaker() {
    return registry.get("gateway.cache.breaker.state").tag("work", "read").gauge().value();
  }

  private static int figure(int node, String name) {
    return nodes
        .node(node)
        .ask(Command.INFO, "everything")
        .toString()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToInt(line -> Integer.parseInt(line.substring(name.length())))
        .findFirst()
        .orElse(0);
  }
}
