package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.Mode;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Migrator;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Runbook;

/**
 * The runbook walked through on a pair of pods: each fault is made, and each line that the section
 * of its alert quotes has to be in a pod's log. What was seen is left in target/runbook-walk.txt.
 */
class RunbookSoak {
  private static final Path RECORD = Path.of("target", "runbook-walk.txt");
  private static final long OTHER = 200;

  /** They need another deployment, and are seen by tests of their own. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "PsidGatewayGrantsLate", // DistanceIT
          "PsidGatewayReplicaUnused", // ReplicaIT
          "PsidGatewayQuotaSuspected"); // LimitsLogTest: takes eight probes

  private static World world;
  private static OwnRedis redis;
  private static FaultyProxy postgres;
  private static FaultyProxy upstream;
  private static Pod one;
  private static Pod two;
  private static Gateway gateway;
  private static final List<String> record = new ArrayList<>();
  private static final Set<String> walked = new HashSet<>();
  private static long next = 1_000;

  @BeforeAll
  static void start() throws IOException {
    world = new World();
    redis = new OwnRedis();
    postgres = new FaultyProxy(world.database.port());
    upstream = new FaultyProxy(world.upstream.port());
    one = pod().withDatabase(world.database.through(postgres).jdbcUrl()).start();
    two = pod().start();
    gateway = new Gateway(one);
  }

  private static Pod.Settings pod() {
    return world
        .pod()
        .with("gateway.upstream.base-url", "http://localhost:" + upstream.port())
        .withRedis(redis.port())
        .with("gateway.cache.l1.max-entries", "16")
        .with("gateway.cooldown.initial", "PT5S")
        .with("gateway.upstream.timeout", "PT2S")
        .with("gateway.breaker.delay", "PT1S")
        .with("gateway.breaker.request-volume", "4")
        .with("gateway.quota.ceiling", "10000")
        .with(
            "gateway.window.approved-on", LocalDate.now(ZoneOffset.UTC).minusDays(175).toString());
  }

  @AfterAll
  static void stop() throws IOException {
    Files.write(RECORD, record);
    one.close();
    two.close();
    postgres.close();
    upstream.close();
    redis.close();
    world.close();
  }

  @Test
  void everyLineThatIsQuoted_isThere_onceTheFaultIsMade() throws Exception {
    await(() -> converts(PAGE));
    await(() -> seen("The upstream closes in"));
    walked("PsidGatewayWindowClosesIn14Days", "approved 175 days ago");
    postgres();
    redis();
    upstream();
    migrations();
    limits();
    pods();

    Set<String> left = new HashSet<>(Runbook.lines().keySet());
    left.removeAll(walked);
    assertThat(left).isEqualTo(ELSEWHERE);
    assertThat(log(one) + log(two)).doesNotContain("\"exception\"", "\tat ");
  }

  private static void postgres() {
    postgres.swallow();
    await(() -> gateway.resolve(PAGE, 0, next++).status() == 503 && seen("before their deadlines"));
    postgres.cut();
    await(
        () ->
            gateway.resolve(PAGE, 0, next++).status() == 503 && seen("PostgreSQL is unavailable"));
    postgres.heal();
    await(() -> converts(PAGE) && seen("PostgreSQL is available again"));
    await(() -> converts(PAGE) && seen("answers requests before their deadlines again"));
    renamed("mapping", () -> gateway.resolve(PAGE, 0, next++).status() == 503, "rejects look-ups");
    renamed("claim", () -> !converts(PAGE), "refuses to reserve");
    renamed("page", () -> gateway.get("/v1/pages").status() == 200, "refuses to read the Pages");
    walked("PsidGatewayPostgresAway", "PostgreSQL hangs, is cut off, and rejects statements");

    renamed("lease", () -> true, "refuses to end expired calls");
    await(() -> seen("Expired calls are ended again"));
    walked("PsidGatewayNobodySweeps", "table lease renamed");
    walked("PsidGatewayMigrationsUnowned", "likewise");
    renamed("invalidation", () -> true, "Changes by other pods cannot be read");
    await(() -> seen("Changes by other pods are read again"));
    walked("PsidGatewayCopiesStale", "table invalidation renamed");

    held(postgres::cut, postgres::heal, "held in memory");
    held(() -> rename("call", "misplaced"), () -> rename("misplaced", "call"), "rejected a sett");
    await(() -> seen("Answers are stored again"));
    walked(
        "PsidGatewayOutcomesUnsettled",
        "PostgreSQL cut off, and table call renamed, during a call");
  }

  /** A fault between a call and its settlement. */
  private static void held(Runnable fault, Runnable mend, String line) {
    int calls = world.witness().calls().size();
    world.script().fault(Fault.slow(800));
    gateway.resolve(PAGE, 0, next++);
    await(() -> world.witness().calls().size() > calls);
    fault.run();
    await(() -> seen(line));
    mend.run();
    world.script().clearFaults();
    await(() -> converts(PAGE));
  }

  private static void renamed(String table, BooleanSupplier ask, String line) {
    rename(table, "misplaced");
    await(() -> ask.getAsBoolean() && seen(line));
    rename("misplaced", table);
    await(() -> converts(PAGE));
  }

  private static void rename(String table, String name) {
    world.database.sql().execute("alter table " + table + " rename to " + name);
  }

  private static void redis() throws IOException {
    redis.kill();
    await(
        () -> {
          converts(PAGE);
          gateway.resolve(PAGE, 0, Gateway.ids(2, 100));
          return seen("Redis is open (read)") && seen("Redis is open (write)") && seen("is lost");
        });
    redis.start();
    await(() -> converts(PAGE) && seen("Redis is closed (read)") && seen("is re-established"));
    walked("PsidGatewayRedisBreakerOpen", "Redis killed");
  }

  private static void upstream() {
    world.script().fault(Fault.of(Fault.Kind.RESET));
    await(() -> !converts(PAGE) && seen("of the upstream is open"));
    world.script().clearFaults();
    world.script().fault(Fault.error(400, Map.of("code", 2, "message", "no")).times(1));
    await(() -> converts(PAGE) && seen("of the upstream is closed"));
    walked("PsidGatewayUpstreamBreakerOpen", "the upstream closes connections");
    unsent();
    walked("PsidGatewayUpstreamFailing", "the upstream closes connections, and refuses");

    world.script().fault(Fault.error(400, Map.of("code", 4, "message", "too many")).times(1));
    world.script().fault(Fault.error(400, Map.of("code", 32, "message", "too many")).times(1));
    await(
        () ->
            converts(PAGE)
                && seen("The cooldown of the app is over")
                && seen("The cooldown of Page 100 is over"));
    walked("PsidGatewayCoolingDown", "the upstream throttles the app, then the Page");

    world.script().change(s -> s.pages.put(PAGE, "another-token"));
    await(() -> !converts(PAGE) && seen("Page 100 is paused"));
    gateway.put("/v1/pages/100/token", "{\"access_token\":\"another-token\"}");
    await(() -> converts(PAGE) && seen("Page 100 is no longer paused"));
    walked("PsidGatewayPagePaused", "the Page's token replaced at the upstream");

    world.script().change(s -> s.appSecret = "another-secret");
    await(() -> !converts(PAGE) && seen("The upstream rejects the app's proof"));
    world.script().change(s -> s.appSecret = "app-secret");
    resume();
    await(() -> converts(PAGE) && seen("accepts the app's proof again"));
    walked("PsidGatewayAppSecretRejected", "the app's secret changed at the upstream");

    for (Mode mode : List.of(Mode.RETIRED, Mode.RETIRED_PATH)) {
      world.script().change(s -> s.mode = mode);
      await(() -> !converts(PAGE) && seen("The upstream seems to be closed"));
      world.script().change(s -> s.mode = Mode.OPEN);
      resume();
      await(() -> converts(PAGE) && seen("The upstream is open after all"));
    }
    walked("PsidGatewayWindowSuspectedClosed", "the upstream says deprecated, and no such path");
  }

  /** Nobody listens where the upstream was. */
  private static void unsent() {
    upstream.cut();
    await(() -> !converts(PAGE) && seen(" unsent: Page"));
    upstream.heal();
    await(() -> converts(PAGE));
  }

  /** Rather than wait for the next probe. */
  private static void resume() {
    gateway.put("/v1/pages/200", "{\"paused\":true}");
    gateway.put("/v1/pages/200", "{\"paused\":false}");
  }

  /** One that waits for a confirmation, as its Page is paused and is not. */
  private static void migrations() {
    gateway.put("/v1/pages/200", "{\"paused\":true}");
    Migrator migrator = new Migrator(one);
    String deadline = Instant.now().plus(Duration.ofHours(1)).toString();
    String id =
        migrator
            .upload(OTHER, "a-walk", "confirm=true&deadline=" + deadline, Migrator.list(700_000, 3))
            .path("id")
            .asText();
    await(() -> seen("will probably not be done by its deadline"));
    gateway.put("/v1/pages/200", "{\"paused\":false}");
    await(() -> seen("will probably be done by its deadline again"));
    migrator.want(id, "cancelled");
    walked("PsidGatewayMigrationOffTrack", "a Page paused, and resumed");
  }

  private static void limits() {
    long committed = gateway.get("/v1/quota").body().path("committed").asLong();
    world.script().fault(Fault.of(Fault.Kind.HANG_AFTER_ACTING).times(2));
    gateway.resolve(PAGE, 0, Gateway.ids(500_000, 200));
    gateway.resolve(OTHER, 0, Gateway.ids(500_000, 200));
    await(() -> seen("Too much of the quota is uncertain"));
    await( // a figure clears calls that had expired by then
        () -> {
          reconcile(committed + 400);
          return seen("The uncertain part of the quota is below");
        });
    walked(
        "PsidGatewayUncertainCapReached", "two calls of 200 ids that the upstream never answers");
    reconcile(9_600);
    await(() -> seen("down to its reserve floor"));
    walked("PsidGatewayQuotaLow", "the upstream's own figure taken over");
    reconcile(10_000);
    await(() -> seen("The quota is used up"));
    reconcile(committed + 400);
    await(() -> seen("There is quota again"));
    walked("PsidGatewayQuotaNearlyGone", "likewise");
  }

  private static void reconcile(long committed) {
    assertThat(
            gateway
                .post(
                    "/v1/quota/reconciliations",
                    "{\"committed\":%d,\"note\":\"a walk\"}".formatted(committed))
                .status())
        .isEqualTo(201);
  }

  private static void pods() {
    int calls = world.witness().calls().size();
    world.script().fault(Fault.slow(1500).times(1));
    new Gateway(two).resolve(PAGE, 0, next++);
    await(() -> world.witness().calls().size() > calls);
    two.kill();
    await(() -> seen("were not settled in time"));
    walked("PsidGatewayCallsLost", "a pod killed during a call");

    int before = world.witness().calls().size();
    world.script().fault(Fault.slow(800).times(1));
    gateway.resolve(PAGE, 0, next++);
    await(() -> world.witness().calls().size() > before);
    postgres.swallow();
    one.terminate();
    one.awaitEnd();
    walked("PsidGatewayPodStuckDraining", "SIGTERM during a call, while PostgreSQL hangs");

    two = pod().start();
    new Gateway(two).post("/v1/window/seal", "");
    await(() -> seen("The window is sealed"));
    walked("PsidGatewayWindowClosesIn3Days", "the window sealed");
  }

  private static boolean converts(long page) {
    long id = next++;
    return gateway.resolve(page, 2, id).mappings().containsKey(id);
  }

  private static void walked(String alert, String fault) {
    walked.add(alert);
    record.add("\n" + alert + ": " + fault);
    String logs = log(one) + log(two);
    for (String quoted : Runbook.lines().get(alert)) {
      Pattern pattern = Runbook.pattern(quoted);
      List<String> lines =
          logs.lines().filter(line -> pattern.matcher(line).find()).limit(1).toList();
      record.add("  " + quoted);
      record.add("    " + (lines.isEmpty() ? "MISSING" : lines.get(0)));
      assertThat(lines).as("%s: %s", alert, quoted).isNotEmpty();
    }
  }

  private static boolean seen(String part) {
    return log(one).contains(part) || log(two).contains(part);
  }

  private static String log(Pod pod) {
    return pod.log();
  }

  private static void await(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        .until(condition::getAsBoolean);
  }
}
