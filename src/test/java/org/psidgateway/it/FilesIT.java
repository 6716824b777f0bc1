package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/** Files in and out of packaged pods. */
class FilesIT {
  private static final String MAPPINGS = "/v1/pages/100/mappings";
  private static final String IMPORT = MAPPINGS + "/import";
  private static final long FIRST = 4_500_000_000_000_000L;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void page_movesToAnotherDeployment_byteForByte() throws Exception {
    try (World from = new World();
        World to = new World();
        Pod source = from.pod().start();
        Pod target = to.pod().with("gateway.app.id", "1").start()) {
      assertThat(bring(source, pairs(0, 30_000)).body()).contains("\"imported\":30000,");
      age(from);
      String file = download(source).body();
      assertThat(file).contains("\n#end,30000,");

      assertThat(bring(target, file).body())
          .contains("\"received\":30000,", "\"imported\":30000,", "\"malformed\":0,");

      age(to);
      assertThat(download(target).body()).isEqualTo(file);
      assertThat(bring(target, file.replaceFirst("\n4", "\n5")).statusCode())
          .as("a file that was changed on the way")
          .isEqualTo(400);
      for (Pod pod : List.of(source, target)) {
        assertThat(pod.log()).doesNotContain(Long.toString(FIRST + 7), Long.toString(FIRST + 8));
      }
    }
  }

  @Test
  void otherPods_hearOfAnImport_thatTheyHadOtherwise() throws Exception {
    try (World world = new World();
        Pod one = world.pod().start();
        Pod other = world.pod().start()) {
      new Sql(world.database.dataSource())
          .execute(
              "insert into mapping (page_id, asid, psid, resolved_at) values (100, 7, 17, now())",
              "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
                  + " values (100, 8, -1, now(), now())");
      Gateway there = new Gateway(other);
      assertThat(there.get(MAPPINGS + "/7").body().path("psid").asText()).isEqualTo("17");
      assertThat(there.get(MAPPINGS + "/8").body().path("status").asText()).isEqualTo("unmapped");

      bring(one, "8,18\n");
      http.send(
          request(one, IMPORT + "?on_conflict=replace")
              .header("Content-Type", "text/csv")
              .POST(BodyPublishers.ofString("7,77\n"))
              .build(),
          BodyHandlers.discarding());

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                assertThat(there.get(MAPPINGS + "/7").body().path("psid").asText()).isEqualTo("77");
                assertThat(there.get(MAPPINGS + "/8").body().path("psid").asText()).isEqualTo("18");
              });
    }
  }

  @Test
  void downloads_holdNothingOfPostgres_andEndWithAClosingRow_orAreSeenToBeCut() throws Exception {
    try (World world = new World();
        Pod pod = world.pod().start()) {
      Sql sql = new Sql(world.database.dataSource());
      sql.execute(
          "insert into mapping (page_id, asid, psid, resolved_at)"
              + " select 100, i, i + 1, now() - interval '1 hour' from generate_series(1, 400000) i");
      try (Socket socket = asking(pod)) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        Awaitility.await() // the socket is full
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(20))
            .until(() -> rowsOut(pod) < 400_000 && openInPostgres(sql) == 0);

        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          idle.add(asking(pod));
        }
        Awaitility.await().until(() -> download(pod).statusCode() == 503);
        for (Socket gone : idle) {
          gone.close(); // whoever hangs up leaves nothing behind
        }
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> download(pod).body().contains("\n#end,400000,"));

        String last = in.lines().filter(line -> line.startsWith("#end,")).findFirst().orElse("");
        assertThat(last).startsWith("#end,400000,");
      }
      assertCut(sql, pod);
    }
  }

  private void assertCut(Sql sql, Pod pod) throws IOException, InterruptedException {
    long before = rowsOut(pod);
    try (Socket socket = asking(pod)) {
      Awaitility.await().until(() -> rowsOut(pod) > before);
      sql.execute("alter table superseded_negative rename to misplaced");
      String cut = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(cut).contains("\n1,2,mapped\n").doesNotContain("#end");
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    HttpResponse<String> refused = download(pod);
    assertThat(refused.statusCode()).as("one that can't be begun").isEqualTo(500);
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void importThatIsKilled_isSentAgain_andAnotherBesideIt() throws Exception {
    try (World world = new World();
        Pod one = world.pod().start();
        Pod other = world.pod().start()) {
      Sql sql = new Sql(world.database.dataSource());
      CompletableFuture<HttpResponse<String>> killed =
          http.sendAsync(importing(one, pairs(0, 120_000)), BodyHandlers.ofString());
      Awaitility.await().until(() -> sql.number("select count(*) from mapping") > 0);
      one.kill();
      Awaitility.await().until(killed::isCompletedExceptionally);
      CompletableFuture<HttpResponse<String>> beside =
          http.sendAsync(importing(other, pairs(60_000, 150_000)), BodyHandlers.ofString());

      assertThat(bring(other, pairs(0, 120_000)).body())
          .contains("\"received\":120000,", "\"conflicts\":0,");
      assertThat(beside.get().body()).contains("\"received\":90000,", "\"conflicts\":0,");

      assertThat(sql.number("select count(*) from mapping")).isEqualTo(150_000);
      assertThat(sql.number("select count(*) from mapping where psid <> asid + 1")).isZero();
    }
  }

  private static Socket asking(Pod pod) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 14); // so that the rest waits at the server
    socket.connect(new InetSocketAddress("localhost", pod.uri("/").getPort()));
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + MAPPINGS
                    + " HTTP/1.1\r\nHost: gateway\r\nAccept: text/csv\r\nAuthorization: Bearer "
                    + Pod.KEY
                    + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private HttpResponse<String> download(Pod pod) throws IOException, InterruptedException {
    return http.send(
        request(pod, MAPPINGS).header("Accept", "text/csv").build(), BodyHandlers.ofString());
  }

  private static long openInPostgres(Sql sql) {
    return sql.number(
        "select count(*) from pg_stat_activity where application_name = 'psid-gateway'"
            + " and (state <> 'idle' or backend_xmin is not null)");
  }

  private static long rowsOut(Pod pod) {
    return new Gateway(pod)
        .metrics()
        .lines()
        .filter(line -> line.startsWith("gateway_export_rows_total "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  /** What was written is old enough to be shown. */
  private static void age(World world) {
    new Sql(world.database.dataSource())
        .execute("update mapping set resolved_at = resolved_at - interval '1 minute'");
  }

  private HttpResponse<String> bring(Pod pod, String file)
      throws IOException, InterruptedException {
    return http.send(importing(pod, file), BodyHandlers.ofString());
  }

  private static HttpRequest importing(Pod pod, String file) {
    return request(pod, IMPORT)
        .header("Content-Type", "text/csv")
        .POST(BodyPublishers.ofString(file))
        .build();
  }

  private static HttpRequest.Builder request(Pod pod, String path) {
    return HttpRequest.newBuilder(pod.uri(path)).header("Authorization", "Bearer " + Pod.KEY);
  }

  private static String pairs(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> (FIRST + 2L * i) + "," + (FIRST + 2L * i + 1) + "\n")
        .collect(Collectors.joining());
  }
}
