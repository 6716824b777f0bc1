package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/**
 * A pod with the heap of the manifests, whose pace is used up: many callers, and many ids, wait.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WaitersIT {
  private static final int CALLERS = 2_000;
  private static final int AT_A_TIME = 400;
  private static final int IDS = 200;
  private static World world;
  private static Pod pod;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    world = new World();
    pod =
        world
            .pod()
            .withHeap("256m")
            .with("gateway.pace.calls", "1")
            .with("gateway.pace.per", "PT10H")
            .start();
    gateway = new Gateway(pod).overHttp1();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.resolve(PAGE, 5, 1).mappings().size() == 1);
  }

  @AfterAll
  static void stop() {
    pod.close();
    world.close();
  }

  @Test
  @Order(1)
  void callersThatHangUp_leaveNothingInTheHeap() throws Exception {
    String body = Gateway.resolveBody(Gateway.ids(1_000, IDS));
    for (int round = 0; round < CALLERS / AT_A_TIME; round++) {
      List<Socket> callers = new ArrayList<>();
      for (int caller = 0; caller < AT_A_TIME; caller++) {
        callers.add(ask(body));
      }
      awaitLines(AT_A_TIME * IDS);
      if (round == 0) { // by this very name
        assertThat(inTheHeap("org.psidgateway.batch.PendingId$Waiter")).isPositive();
      }
      for (Socket caller : callers) {
        caller.close();
      }
      awaitLines(0);
    }

    // Not at once: a thread may still be on its way out.
    Awaitility.await().until(() -> inTheHeap("org.psidgateway.batch.PendingId$Waiter") == 0);
    Awaitility.await().until(() -> inTheHeap("org.psidgateway.batch.Ticket") == 0);
    // Ids stay until they are answered; that of the first call may still hang on its connection.
    assertThat(inTheHeap("org.psidgateway.batch.PendingId")).isBetween((long) IDS, IDS + 1L);
    assertThat(gateway.metrics()).contains("gateway_batch_queued_ids " + (double) IDS);
  }

  @Test
  @Order(2)
  void idsWithoutEnd_findTheQueueFull_beforeTheHeapIs() {
    List<String> reasons = new ArrayList<>();
    for (int list = 0; !reasons.contains("failed/queue_full"); list += 4) {
      List<CompletableFuture<Gateway.Answer>> asked = new ArrayList<>();
      for (int i = list; i < list + 4; i++) {
        asked.add(gateway.resolveAsync(PAGE, 0, Gateway.ids(1_000_000L + i * 10_000L, 10_000)));
      }
      asked.forEach(answer -> reasons.addAll(answer.join().unresolved().values()));
      reasons.removeIf("pending/queued"::equals);
      assertThat(list).isLessThan(200);
    }

    assertThat(pod.isAlive()).isTrue();
    assertThat(gateway.resolve(PAGE, 1, 1).mappings()).containsKey(1L);
  }

  private static Socket ask(String body) throws IOException {
    Socket socket = new Socket(pod.uri("/").getHost(), pod.uri("/").getPort());
    String head =
        """
        POST /v1/pages/%d/mappings/resolve HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/json
        Prefer: wait=30
        Content-Length: %d

        """
            .formatted(PAGE, Pod.KEY, body.length())
            .replace("\n", "\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void awaitLines(int lines) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(25))
        .until(() -> gateway.metrics().contains("gateway_batch_waiting_lines " + (double) lines));
  }

  /** Live objects of a class, after a collection. */
  private static long inTheHeap(String type) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pod.pid()), "GC.class_histogram").start();
    return process
        .inputReader()
        .lines()
        .map(String::strip)
        .filter(line -> line.contains(" " + type + " ") || line.endsWith(" " + type))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
        .sum();
  }
}
