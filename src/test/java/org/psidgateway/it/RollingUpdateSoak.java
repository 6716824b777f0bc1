package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.FrontDoor;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A4: pods are replaced one by one under load, and nobody notices. */
class RollingUpdateSoak {
  private static final int PODS = 2;
  private static final int ROUNDS = Integer.getInteger("rolling.rounds", 3);
  private static final String DELAY = System.getProperty("rolling.delay", "PT5S");
  private static final String HTTP2 = System.getProperty("rolling.http2", "false");
  private static final long POLL_MILLIS = 1000;
  private static final Duration BEFORE = Duration.ofSeconds(15);
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

  private final Tally tally = new Tally();
  private final Deque<Pod> pods = new ArrayDeque<>();
  private Duration longest = Duration.ZERO;

  @Test
  void podsReplacedOneByOne_noRequestFails_andNoIdIsConvertedTwice() throws IOException {
    try (World world = new World();
        FrontDoor door = new FrontDoor(POLL_MILLIS)) {
      world.script().fault(Fault.slow(300));
      Pod.Settings settings =
          world
              .pod()
              .withRedis(Backing.redis())
              .with("quarkus.shutdown.delay", DELAY)
              .with("quarkus.http.http2", HTTP2);
      for (int i = 0; i < PODS; i++) {
        add(settings.start(), door);
      }
      assertThat(resolve(20, Callers.KNOWN)).isEqualTo(Callers.KNOWN.length);

      long[] asked = update(settings, door);

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> resolve(5, asked) == asked.length);
      world.assertAudit(new Gateway(pods.getLast()));
      int mostOften = world.witness().maxTimesConverted();
      report(asked.length, mostOften);
      assertThat(tally.failures()).isEmpty();
      assertThat(mostOften).as("conversions of one id").isEqualTo(1);
      assertThat(longest).isLessThan(LONGEST_DRAIN);
    } finally {
      pods.forEach(Pod::close);
    }
  }

  /** All ids that anybody asked for meanwhile. */
  private long[] update(Pod.Settings settings, FrontDoor door) {
    try (Callers callers = new Callers(door.port(), tally)) {
      endure(BEFORE);
      tally.enter(Tally.Phase.BEFORE);
      endure(BEFORE);
      for (int i = 0; i < ROUNDS * PODS; i++) {
        replaceOne(settings, door);
      }
      callers.stop();
      return callers.newIds();
    }
  }

  private static void endure(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.multipliedBy(2)).until(() -> true);
  }

  /** As a Deployment does with {@code maxSurge: 1} and {@code maxUnavailable: 0}. */
  private void replaceOne(Pod.Settings settings, FrontDoor door) {
    tally.enter(Tally.Phase.STARTING);
    add(settings.start(), door);
    tally.enter(Tally.Phase.DRAINING);
    Pod old = pods.removeFirst();
    old.terminate();
    Duration took = old.awaitEnd();
    door.remove(old);
    longest = took.compareTo(longest) > 0 ? took : longest;
  }

  private void add(Pod pod, FrontDoor door) {
    pods.addLast(pod);
    door.add(pod);
  }

  private int resolve(int wait, long[] asids) {
    return new Gateway(pods.getLast()).resolve(PAGE, wait, asids).mappings().size();
  }

  private void report(int newIds, int mostOften) throws IOException {
    String report =
        "%d pods, each replaced %d times, quarkus.shutdown.delay=%s, quarkus.http.http2=%s%n%n%s%n"
                .formatted(PODS, ROUNDS, DELAY, HTTP2, tally)
            + "SIGTERM to exit: %.1f s at most%n".formatted(longest.toMillis() / 1000.0)
            + "new ids: %d, each converted %d times at most%n".formatted(newIds, mostOften);
    Files.writeString(Path.of("target/rolling-update.txt"), report);
    System.getLogger("rolling").log(Level.INFO, "\n" + report);
  }
}
