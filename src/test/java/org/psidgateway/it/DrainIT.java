package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** A pod is asked to stop, as in every rolling update. */
class DrainIT {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void terminatedPod_servesKnownIds_settlesItsCall_andIsGoneInTime() {
    try (World world = new World()) {
      Pod.Settings settings =
          world
              .pod()
              .with("quarkus.shutdown.delay", "PT4S")
              .with("gateway.upstream.concurrency", "1");
      Pod pod = settings.start();
      Gateway gateway = new Gateway(pod);
      assertThat(gateway.resolve(PAGE, 10, 1, 2, 3).mappings()).hasSize(3);
      world.script().fault(Fault.slow(2500));
      CompletableFuture<Answer> underWay = gateway.resolveAsync(PAGE, 20, 11, 12);
      Awaitility.await().until(() -> world.witness().calls().size() == 2);
      CompletableFuture<Answer> queued = gateway.resolveAsync(PAGE, 20, 21, 22);
      Awaitility.await().until(() -> gateway.metrics().contains("gateway_batch_queued_ids 4"));

      pod.terminate();
      Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> !pod.isReady());

      // Readiness is red, and callers that still come are served.
      assertThat(queued.join().unresolved()).containsEntry("21", "pending/queued").hasSize(2);
      assertThat(gateway.resolve(PAGE, 5, 1, 2, 3).mappings()).hasSize(3);
      assertThat(gateway.resolve(PAGE, 20, 31).unresolved()).containsEntry("31", "pending/queued");
      assertThat(underWay.join().mappings()).hasSize(2);
      assertThat(pod.awaitEnd()).isLessThan(Duration.ofSeconds(30));
      assertThat(world.witness().calls()).hasSize(2);
      world.script().clearFaults();

      try (Pod next = settings.with("quarkus.shutdown.delay", "PT0.1S").start()) {
        Gateway other = new Gateway(next);
        assertThat(other.get("/v1/quota").body().path("held").asLong()).isZero();
        assertThat(other.resolve(PAGE, 10, 11, 12, 21, 22).mappings()).hasSize(4);
        assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
        world.assertAudit(other);
      }
    }
  }

  @Test
  void callers_areSentElsewhere_betweenTwoRequests() {
    AtomicInteger connections = new AtomicInteger();
    try (World world = new World();
        Pod pod = world.pod().with("quarkus.shutdown.delay", "PT5S").start();
        FaultyProxy door = FaultyProxy.counting(pod.uri("/").getPort(), connections)) {
      Clients clients = new Clients(vertx, door.port());
      Function<Question, CompletionStage<Answer>> http1 = clients.http1();
      Function<Question, CompletionStage<Answer>> jdk = clients.jdk();
      ask(http1, Question.newIds(1));
      ask(jdk, Question.known(1));
      ask(http1, Question.known(1));
      ask(jdk, Question.known(1));
      assertThat(connections).hasValue(2);
      world.script().fault(Fault.slow(1500));
      CompletionStage<Answer> underWay = jdk.apply(Question.newIds(2));
      Awaitility.await().until(() -> world.witness().calls().size() == 2);

      pod.terminate();
      Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> !pod.isReady());

      ask(http1, Question.known(1)); // over the connection it has, for the last time
      assertThat(connections).hasValue(2);
      ask(http1, Question.known(1));
      assertThat(connections).hasValue(3);
      assertThat(underWay.toCompletableFuture().join().mappings()).containsKey(2L);
      ask(jdk, Question.known(1));
      ask(jdk, Question.known(1));
      assertThat(connections).hasValue(4);
    }
  }

  private static void ask(Function<Question, CompletionStage<Answer>> client, Question question) {
    Answer answer = client.apply(question).toCompletableFuture().join();
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(question.wrong().apply(answer)).isEmpty();
  }
}
