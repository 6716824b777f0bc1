package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Migrator;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/** Lists of ids through packaged pods, with the simulator as witness. */
class MigrationIT {
  private static final long FIRST = 4_600_000_000_000_000L;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LATER = Duration.ofSeconds(60);

  private World world;
  private MigrationAudit audit;

  @BeforeEach
  void start() {
    world = new World();
    world.rejectSomeIds();
    audit = new MigrationAudit(world);
  }

  @AfterEach
  void stop() {
    audit.close();
    world.close();
  }

  /** The first 500 ids are known, by small PSIDs. */
  private static String outcome(String asid) {
    if (asid.equals("7e15")) {
      return ",invalid,malformed";
    }
    long id = Long.parseLong(asid);
    if (id - FIRST <= 500) {
      return id - FIRST + ",mapped,";
    }
    if (asid.endsWith("000")) {
      return ",invalid,rejected_by_upstream";
    }
    return asid.endsWith("404")
        ? ",unmapped,not_returned_by_upstream"
        : SimulatedGraph.psidOf(100, id) + ",mapped,";
  }

  private static String id(JsonNode migration) {
    return migration.path("id").asText();
  }

  private static long count(JsonNode migration, String name) {
    return migration.path("counts").path(name).asLong();
  }

  private void slowly(long millis) {
    world.script().fault(Fault.slow(millis));
  }

  /** Whether the upstream has begun to be asked. */
  private void awaitCalls(int calls) {
    Awaitility.await().atMost(SOON).until(() -> world.witness().calls().size() >= calls);
  }

  private void assertBill(JsonNode migration) {
    JsonNode bill = migration.path("bill");
    assertThat(bill.path("calls").asLong()).isEqualTo(world.witness().calls().size());
    assertThat(bill.path("units").asLong()).isEqualTo(world.witness().conversions());
  }

  @Test
  void fileComesBack_withItsColumns_inItsOrder_andTheBillIsWhatTheUpstreamCounted() {
    try (Pod pod = world.pod().start()) {
      Migrator migrator = new Migrator(pod);
      new Sql(world.database.dataSource())
          .execute(
              "insert into mapping (page_id, asid, psid, resolved_at) select 100, "
                  + FIRST
                  + " + i, i, now() from generate_series(1, 500) i");
      StringBuilder file = new StringBuilder("name,asid,status,note\n");
      for (int i = 0; i < 5_000; i++) {
        String asid = i % 100 == 7 ? "7e15" : Long.toString(FIRST + 1 + i % 4_500);
        file.append("\"Doe, ")
            .append(i)
            .append("\",")
            .append(asid)
            .append(",old,\"n")
            .append(i)
            .append("\"\n");
      }

      Gateway.Answer answer =
          migrator.uploading(
              100,
              "first",
              "name=CRM&label.team=growth",
              "text/csv",
              BodyPublishers.ofString(file.toString()));
      assertThat(answer.status()).as(answer.text()).isEqualTo(202);
      JsonNode done = migrator.await(id(answer.body()), SOON, "completed");

      assertThat(count(done, "received")).isEqualTo(5_000);
      assertThat(count(done, "malformed")).isEqualTo(50);
      assertThat(count(done, "already_known")).isEqualTo(495);
      assertThat(count(done, "invalid")).isEqualTo(4);
      assertThat(count(done, "unmapped")).as("404 is known").isEqualTo(4);
      assertThat(count(done, "remaining")).isZero();
      assertThat(done.at("/progress/percent").asDouble()).isEqualTo(100);
      assertThat(done.at("/bill/saved/known").asLong()).isEqualTo(495);
      assertBill(done);
      MigrationAudit.assertDiary(done);
      audit.assertCounted();
      List<String> back = migrator.file(id(done), "original");
      List<String> sent = List.of(file.toString().split("\n", -1));
      assertThat(back).hasSize(5_001);
      assertThat(back.get(0)).isEqualTo("name,asid,status,note,psid,gateway_status,reason");
      for (int i = 1; i <= 5_000; i++) {
        String[] cells = sent.get(i).split(",(?=[^\"]*(\"[^\"]*\"[^\"]*)*$)", -1);
        String asid = cells[1];
        String prefix = cells[0] + "," + asid + ",old," + cells[3].replace("\"", "") + ",";
        assertThat(back.get(i)).startsWith(prefix);
        String outcome = back.get(i).substring(prefix.length());
        assertThat(outcome).isEqualTo(outcome(asid));
      }
      assertThat(pod.log()).doesNotContain(Long.toString(FIRST + 700), "Doe, 7");
      assertThat(migrator.delete(id(done)).status()).isEqualTo(204);
      assertThat(
              new Sql(world.database.dataSource())
                  .texts("select relname::text from pg_class where relname ~ '^list_[0-9]'"))
          .isEmpty();
    }
  }

  @Test
  void nothingIsAsked_beforeAConfirmation_andOneKeyMakesOneMigration() throws Exception {
    try (Pod pod = world.pod().start();
        Pod other = world.pod().start()) {
      String ids = Migrator.list(FIRST + 1, 900);
      List<Thread> uploads = new ArrayList<>();
      Set<String> made = java.util.concurrent.ConcurrentHashMap.newKeySet();
      List<Integer> statuses = java.util.Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 20; i++) {
        Migrator caller = new Migrator(i % 2 == 0 ? pod : other);
        Thread upload =
            new Thread(
                () -> {
                  Gateway.Answer answer =
                      caller.uploading(
                          100, "one", "confirm=true", "text/plain", BodyPublishers.ofString(ids));
                  statuses.add(answer.status());
                  if (answer.status() < 300) {
                    made.add(id(answer.body()));
                  }
                });
        upload.start();
        uploads.add(upload);
      }
      for (Thread upload : uploads) {
        upload.join();
      }
      assertThat(statuses).isSubsetOf(200, 202, 409).containsOnlyOnce(202);
      assertThat(made).hasSize(1);
      Migrator migrator = new Migrator(pod);
      String id = made.iterator().next();
      JsonNode waiting = migrator.await(id, SOON, "awaiting_confirmation");
      assertThat(waiting.at("/bill/to_convert").asLong()).isEqualTo(900);
      assertThat(waiting.at("/bill/upstream_calls").asLong()).isEqualTo(5);
      assertThat(waiting.at("/bottleneck/what").asText()).isEqualTo("confirmation");
      assertThat(world.witness().calls()).isEmpty();
      assertThat(migrator.want(id, "paused").status()).isEqualTo(409);

      assertThat(migrator.want(id, "running").status()).isEqualTo(200);

      assertBill(migrator.await(id, SOON, "completed"));
      assertThat(
              migrator
                  .uploading(100, "one", "", "text/plain", BodyPublishers.ofString(ids + "1\n"))
                  .status())
          .isEqualTo(422);
    }
  }

  @Test
  void ownerIsKilled_andAnotherPodGoesOn_withinHalfAMinute() {
    slowly(150);
    try (Pod one = world.pod().with("gateway.upstream.timeout", "PT2S").start()) {
      awaitOwner(one);
      try (Pod two = world.pod().with("gateway.upstream.timeout", "PT2S").start()) {
        Migrator migrator = new Migrator(two);
        String id = id(migrator.upload(100, "k", "", Migrator.list(FIRST + 1, 20_000)));
        Awaitility.await()
            .atMost(LATER)
            .until(() -> migrator.get(id).at("/progress/percent").asDouble() >= 30);

        one.kill();

        long killed = world.witness().calls().size();
        Awaitility.await().atMost(SOON).until(() -> world.witness().calls().size() > killed + 1);
        JsonNode done = migrator.await(id, LATER, "completed");
        assertThat(count(done, "mapped")).isEqualTo(20_000 - 2 * 20);
        assertThat(world.witness().maxTimesConverted()).isLessThanOrEqualTo(2);
        assertAskedTwiceAtMost(3 * 200);
        MigrationAudit.assertDiary(done);
        audit.assertCounted();
      }
    }
  }

  /** Only ids of calls that the killed pod had under way may have been asked once more. */
  private void assertAskedTwiceAtMost(int ids) {
    Set<Long> seen = new HashSet<>();
    Set<Long> twice = new HashSet<>();
    world
        .witness()
        .calls()
        .forEach(
            call ->
                Arrays.stream(call.converted())
                    .filter(asid -> !seen.add(asid))
                    .forEach(twice::add));
    assertThat(twice).hasSizeLessThanOrEqualTo(ids);
  }

  private static void awaitOwner(Pod pod) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> new Gateway(pod).metrics().contains("gateway_migration_owner 1.0"));
  }

  @Test
  void frozenOwner_getsNoCallOnceAnotherOneIsThere() {
    slowly(100);
    try (Pod one = world.pod().with("gateway.upstream.timeout", "PT2S").start()) {
      awaitOwner(one);
      try (Pod two = world.pod().with("gateway.upstream.timeout", "PT2S").start()) {
        Migrator migrator = new Migrator(two);
        String id = id(migrator.upload(100, "k", "", Migrator.list(FIRST + 1, 20_000)));
        awaitCalls(10);

        one.freeze();
        awaitOwner(two);
        long callsOfTheDead = world.witness().calls().size();
        awaitCalls((int) callsOfTheDead + 5);
        one.thaw();

        JsonNode done = migrator.await(id, LATER, "completed");
        assertThat(count(done, "remaining")).isZero();
        assertAskedTwiceAtMost(3 * 200);
        audit.assertCounted();
        String granted = "select count(*) || '' from call where state = 'granted'";
        assertThat(new Sql(world.database.dataSource()).texts(granted)).containsExactly("0");
      }
    }
  }

  @Test
  void pause_isKeptToAtOnce_resumeGoesOn_andCancelKeepsWhatIsThere() {
    slowly(300);
    try (Pod pod = world.pod().start()) {
      Migrator migrator = new Migrator(pod);
      String id = id(migrator.upload(100, "k", "", Migrator.list(FIRST + 1, 50_000)));
      awaitCalls(4);
      long revision = migrator.get(id).path("revision").asLong();
      assertThat(migrator.want(id, "running").body().path("revision").asLong()).isEqualTo(revision);

      Gateway.Answer asked = migrator.want(id, "paused");
      assertThat(asked.status()).isEqualTo(200);
      int calls = world.witness().calls().size();
      JsonNode paused = migrator.await(id, Duration.ofSeconds(5), "paused");

      assertThat(paused.path("state_reason").asText()).isEqualTo("operator");
      assertThat(paused.at("/bottleneck/what").asText()).isEqualTo("paused");
      assertThat(count(paused, "in_flight")).isZero();
      assertThat(world.witness().calls().size())
          .as("calls after the pause")
          .isLessThanOrEqualTo(calls + 3);
      Gateway.Answer once = migrator.want(id, "paused");
      assertThat(once.body().path("revision").asLong()).isEqualTo(paused.path("revision").asLong());
      assertThat(migrator.want(id, "running").status()).isEqualTo(200);
      awaitCalls(calls + 6);
      assertThat(migrator.want(id, "cancelled").status()).isEqualTo(200);
      JsonNode cancelled = migrator.await(id, Duration.ofSeconds(10), "cancelled");
      assertThat(count(cancelled, "in_flight")).isZero();
      assertThat(count(cancelled, "mapped")).isPositive();
      assertThat(count(cancelled, "remaining")).isPositive();
      assertBill(cancelled);
      MigrationAudit.assertDiary(cancelled);
      audit.assertCounted();
      assertThat(migrator.want(id, "running").status()).isEqualTo(409);

      world.script().clearFaults();
      Gateway.Answer retry = migrator.again(id, "again");
      assertThat(retry.status()).as(retry.text()).isEqualTo(202);
      JsonNode rest = migrator.await(id(retry.body()), LATER, "completed");
      assertThat(rest.path("parent_id").asText()).isEqualTo(id);
      assertThat(count(rest, "distinct"))
          .isEqualTo(count(cancelled, "remaining") + count(cancelled, "failed"));
      assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
    }
  }

  @Test
  void canary_pausesByItself_andIsSkippedOnceResumed() {
    world.script().change(s -> s.invalidSuffixes.add("1"));
    world.script().change(s -> s.invalidSuffixes.add("2"));
    try (Pod pod = world.pod().start()) {
      Migrator migrator = new Migrator(pod);
      String bad =
          id(
              migrator.upload(
                  100,
                  "k",
                  "canary_ids=400&canary_max_invalid_ratio=0.1",
                  Migrator.list(FIRST + 1, 3_000)));

      JsonNode paused = migrator.await(bad, SOON, "paused");

      assertThat(paused.path("state_reason").asText()).isEqualTo("canary_failed");
      assertThat(count(paused, "mapped") + count(paused, "invalid") + count(paused, "unmapped"))
          .isEqualTo(400);
      assertThat(migrator.want(bad, "running").status()).isEqualTo(200);
      JsonNode done = migrator.await(bad, SOON, "completed");
      assertThat(count(done, "remaining")).isZero();
      MigrationAudit.assertDiary(done);
      String good =
          id(
              migrator.upload(
                  200,
                  "k",
                  "canary_ids=400&canary_max_invalid_ratio=0.9",
                  Migrator.list(FIRST + 1, 3_000)));
      JsonNode through = migrator.await(good, SOON, "completed");
      assertThat(through.path("history").findValuesAsText("to"))
          .containsExactly("uploading", "canary", "running", "completed");
      audit.assertCounted();
    }
  }

  @Test
  void quotaEndsInTheMidst_andItsOwnCapIsExact() {
    try (Pod pod =
        world
            .pod()
            .with("gateway.quota.ceiling", "3000")
            .with("gateway.quota.reserve-floor", "0")
            .start()) {
      Migrator migrator = new Migrator(pod);
      String capped =
          id(migrator.upload(100, "capped", "quota_cap=777", Migrator.list(FIRST + 1_001, 2_900)));
      JsonNode stopped = migrator.await(capped, SOON, "paused");
      assertThat(stopped.path("state_reason").asText()).isEqualTo("quota_cap_reached");
      assertThat(world.witness().conversions()).isEqualTo(777);
      assertBill(stopped);

      assertThat(
              migrator.patch(capped, "{\"quota_cap\":null,\"desired_state\":\"running\"}").status())
          .isEqualTo(200);
      String more = id(migrator.upload(200, "more", "", Migrator.list(FIRST + 1_001, 2_900)));

      JsonNode spent = migrator.await(more, SOON, "paused");
      assertThat(spent.path("state_reason").asText()).isEqualTo("quota_exhausted");
      assertThat(migrator.get(capped).path("state").asText()).isEqualTo("completed");
      assertThat(count(spent, "remaining")).isPositive();
      assertThat(world.witness().conversions()).isLessThanOrEqualTo(3_000);
      world.assertAudit(new Gateway(pod));
      audit.assertCounted();
    }
  }

  @Test
  void windowIsSealedInTheMidst_andTheRestExpires() {
    slowly(200);
    try (Pod pod = world.pod().start()) {
      Migrator migrator = new Migrator(pod);
      String id = id(migrator.upload(100, "k", "", Migrator.list(FIRST + 1, 20_000)));
      awaitCalls(5);

      assertThat(new Gateway(pod).post("/v1/window/seal", "{}").status()).isLessThan(300);

      JsonNode expired = migrator.await(id, SOON, "expired");
      assertThat(expired.path("state_reason").asText()).isEqualTo("window_closed");
      assertThat(count(expired, "mapped")).isPositive();
      assertThat(count(expired, "in_flight")).isZero();
      assertBill(expired);
      audit.assertCounted();
      assertThat(migrator.file(id, "not_attempted")).hasSize((int) count(expired, "remaining") + 1);
    }
  }

  @Test
  void idMatching_harvestsForAllPages_andTheSecondListCostsNothing() {
    try (Pod pod = world.pod().with("gateway.upstream.kind", "id-matching").start()) {
      Migrator migrator = new Migrator(pod);
      String one = id(migrator.upload(100, "k", "", Migrator.list(FIRST + 1, 2_000)));
      JsonNode first = migrator.await(one, LATER, "completed");
      assertThat(count(first, "mapped") + count(first, "unmapped") + count(first, "invalid"))
          .isEqualTo(2_000);
      int calls = world.witness().calls().size();

      String two = id(migrator.upload(200, "k", "", Migrator.list(FIRST + 1, 2_000)));

      JsonNode second = migrator.await(two, LATER, "completed");
      assertThat(count(second, "already_known")).isGreaterThan(1_900);
      assertThat(world.witness().calls().size()).isLessThanOrEqualTo(calls + 2);
      audit.assertCounted();
    }
  }
}
