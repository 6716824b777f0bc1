package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.ReplicatedPostgres;

/**
 * A standby takes over that lacks the last transactions, and with them calls that were made. The
 * pods live on and know of them; the upstream counts what it gave.
 */
class ForgottenCallsIT {
  private static final long[] REPLICATED = ids(1, 20);
  private static final long[] FORGOTTEN = ids(101, 120);
  private static final long[] UNDER_WAY = ids(201, 220);

  /** Longer than the fail-over takes. */
  private static final long SLOW_MILLIS = 5_000;

  @Test
  void standbyLacksTheLastCalls_thePodsBringThem_andNothingIsPaidTwice() {
    try (ReplicatedPostgres postgres = ReplicatedPostgres.own()) {
      AtomicInteger target = new AtomicInteger(postgres.primaryPort());
      try (FaultyProxy address = new FaultyProxy(target::get);
          World world = new World(postgres.database().through(address));
          Pod one = settings(world).start();
          Pod two = settings(world).start()) {
        List<Gateway> gateways = List.of(new Gateway(one), new Gateway(two));
        assertConverted(halves(gateways, 10, REPLICATED));
        Awaitility.await().until(postgres::isReplicated);

        postgres.cutReplication();
        assertConverted(halves(gateways, 10, FORGOTTEN));
        world.script().fault(Fault.slow(SLOW_MILLIS));
        List<CompletableFuture<Answer>> underWay = halves(gateways, 20, UNDER_WAY);
        Awaitility.await()
            .until(() -> LongStream.of(UNDER_WAY).allMatch(id -> timesAsked(world, id) == 1));
        world.script().clearFaults();

        assertKnown(postgres.replica(), REPLICATED);
        postgres.killPrimary();
        postgres.promoteReplica();
        target.set(postgres.replicaPort());
        address.reset();

        assertThat(underWay).allSatisfy(call -> assertThat(call.join().status()).isEqualTo(200));
        // Nobody asks sooner: what the database has forgotten might be paid for once more.
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> broughtItsAnswers(one) && broughtItsAnswers(two));
        for (Gateway gateway : gateways) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .pollInterval(Duration.ofMillis(500))
              .until(() -> gateway.resolve(PAGE, 0, all()).mappings().size() == all().length);
          World.assertTrue(PAGE, gateway.resolve(PAGE, 0, all()).mappings());
        }
        assertKnown(postgres.replica(), all());
        for (long id : all()) {
          assertThat(timesAsked(world, id)).as("calls for %d", id).isEqualTo(1);
        }
        world.assertAudit(gateways.get(0));
        assertThat(gateways.get(1).get("/v1/quota").body().path("committed").asLong())
            .isEqualTo(all().length);
      }
    }
  }

  /** Without memory of their own: what they answer, the database knows. */
  private static Pod.Settings settings(World world) {
    return world.pod().with("gateway.cache.l1.max-entries", "0");
  }

  /** Each pod is asked one half, so that each has calls of its own. */
  private static List<CompletableFuture<Answer>> halves(
      List<Gateway> gateways, int wait, long... ids) {
    List<CompletableFuture<Answer>> calls = new ArrayList<>();
    int half = ids.length / 2;
    calls.add(gateways.get(0).resolveAsync(PAGE, wait, LongStream.of(ids).limit(half).toArray()));
    calls.add(gateways.get(1).resolveAsync(PAGE, wait, LongStream.of(ids).skip(half).toArray()));
    return calls;
  }

  private static void assertConverted(List<CompletableFuture<Answer>> calls) {
    assertThat(calls).allSatisfy(call -> assertThat(call.join().mappings()).hasSize(10));
  }

  /** These and no others. */
  private static void assertKnown(Database server, long... asids) {
    try (Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select asid from mapping")) {
      List<Long> known = new ArrayList<>();
      while (rows.next()) {
        known.add(rows.getLong(1));
      }
      assertThat(known)
          .containsExactlyInAnyOrder(LongStream.of(asids).boxed().toArray(Long[]::new));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean broughtItsAnswers(Pod pod) {
    return pod.log().contains("calls once more");
  }

  private static int timesAsked(World world, long id) {
    return world.witness().timesAsked(PAGE, id);
  }

  private static long[] all() {
    return Stream.of(REPLICATED, FORGOTTEN, UNDER_WAY).flatMapToLong(LongStream::of).toArray();
  }

  private static long[] ids(long from, long to) {
    return LongStream.rangeClosed(from, to).toArray();
  }
}
