package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** Two pods whose PostgreSQL is in another building, another country, or across an ocean. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DistanceIT {
  private static final System.Logger LOG = System.getLogger("figures");
  private static final int CALLS = 40;
  private static final Duration PER = Duration.ofSeconds(12);
  private static final int WINDOWS = 2;
  private static World world;
  private static FaultyProxy link;
  private static Pod one;
  private static Pod two;
  private static long nextId = 1_000;

  @BeforeAll
  static void start() {
    world = new World();
    link = new FaultyProxy(world.database.port());
    Pod.Settings settings =
        world
            .pod()
            .withDatabase(world.database.through(link).jdbcUrl())
            .with("gateway.pace.calls", Integer.toString(CALLS))
            .with("gateway.pace.per", PER.toString());
    one = settings.start();
    two = settings.start();
  }

  @AfterAll
  static void stop() {
    link.heal();
    one.close();
    two.close();
    link.close();
    world.close();
  }

  @Order(1)
  @ParameterizedTest(name = "{0} ms")
  @ValueSource(ints = {20, 60, 120})
  void listOf450NewIds_isConverted_withinTenSeconds(int roundTripMillis) {
    moveAway(roundTripMillis);
    long start = System.nanoTime();

    var answer = new Gateway(one).resolve(PAGE, 10, freshIds(450));

    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LOG.log(Level.INFO, "450 ids, PostgreSQL %d ms away: %s".formatted(roundTripMillis, took));
    assertThat(answer.mappings()).as(answer.text()).hasSize(450);
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  /** More waits all the time than the pace lets through. */
  @Order(2)
  @Test
  void twoPods_useThePace_andNeverExceedIt_sixtyMillisecondsAway() {
    moveAway(60);
    for (Pod pod : new Pod[] {one, two, one, two}) {
      new Gateway(pod).resolve(PAGE, 0, freshIds(10_000));
    }
    endure(Duration.ofSeconds(1));
    long from = System.nanoTime();
    endure(PER.multipliedBy(WINDOWS));
    long to = System.nanoTime();

    double allowed = (double) CALLS * (to - from) / PER.toNanos();
    double used =
        world.witness().calls().stream()
            .filter(call -> call.arrivedNanos() - from >= 0 && call.arrivedNanos() - to < 0)
            .count();
    LOG.log(
        Level.INFO,
        "share of the pace that is used, PostgreSQL 60 ms away: %.1f %%"
            .formatted(100 * used / allowed));
    assertThat(used / allowed).isGreaterThanOrEqualTo(0.9);
    world.assertPaceKept(CALLS, PER);
    assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
  }

  private static void moveAway(int roundTripMillis) {
    link.delay(Duration.ofNanos(TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2));
  }

  private static void endure(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }

  private static long[] freshIds(int count) {
    nextId += count;
    return Gateway.ids(nextId - count, count);
  }
}
