package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.psidgateway.simulator.GraphClient.APP_TOKEN;
import static org.psidgateway.simulator.GraphClient.SECRET;
import static org.psidgateway.simulator.GraphClient.psid;

import com.restfb.Connection;
import com.restfb.DefaultFacebookClient;
import com.restfb.DefaultJsonMapper;
import com.restfb.Parameter;
import com.restfb.batch.BatchRequest;
import com.restfb.batch.BatchRequest.BatchRequestBuilder;
import com.restfb.batch.BatchResponse;
import com.restfb.exception.FacebookGraphException;
import com.restfb.exception.FacebookOAuthException;
import com.restfb.exception.generator.DefaultFacebookExceptionGenerator;
import com.restfb.json.Json;
import com.restfb.types.User;
import com.restfb.types.UserIDForApp;
import com.restfb.types.UserIDForPage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.RestFb;

/** A public client, as it is, takes the simulator for the Graph API. */
class RestFbTest {
  private final SimulatedGraph graph =
      SimulatedGraph.start(
          0,
          new SimulatorScript(SECRET)
              .page(100, "token-of-100")
              .page(200, "token-of-200")
              .change(
                  s -> {
                    s.unmappedSuffixes = List.of("404");
                    s.invalidSuffixes = List.of("000");
                  }),
          InstantSource.system());

  @AfterEach
  void stop() {
    graph.close();
  }

  @Test
  void batch_isAnsweredInOrder_withAndWithoutRows() {
    List<BatchResponse> answers =
        client(APP_TOKEN, SECRET)
            .executeBatch(
                operation("10154673853349851"),
                operation("5550404"),
                operation("10154673853349851", Parameter.with("page", "200")));

    assertThat(answers).extracting(BatchResponse::getCode).containsOnly(200);
    assertThat(answers.get(0).getHeaders())
        .anySatisfy(h -> assertThat(h.getName()).isEqualTo("Content-Type"));
    assertThat(rows(answers.get(0)))
        .containsExactly(
            "100:" + psid(100, 10154673853349851L), "200:" + psid(200, 10154673853349851L));
    assertThat(rows(answers.get(1))).isEmpty();
    assertThat(rows(answers.get(2))).containsExactly("200:" + psid(200, 10154673853349851L));
  }

  @Test
  void batch_goesThroughThePages_byTheCursor() {
    graph.script().change(s -> LongStream.range(301, 306).forEach(s.businessPages::add));
    DefaultFacebookClient client = client(APP_TOKEN, SECRET);
    List<String> found = new ArrayList<>();
    String after = null;
    int asked = 0;
    do {
      BatchRequest operation =
          after == null
              ? operation("7", Parameter.with("limit", 3))
              : operation("7", Parameter.with("limit", 3), Parameter.with("after", after));
      Connection<UserIDForPage> page = page(client.executeBatch(operation).get(0));
      page.getData().forEach(row -> found.add(row.getPage().getId()));
      after = page.hasNext() ? page.getAfterCursor() : null;
      asked++;
    } while (after != null);

    assertThat(found).containsExactly("100", "200", "301", "302", "303", "304", "305");
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void batch_goesOn_whereOneObjectIsUnknown() {
    List<BatchResponse> answers =
        client(APP_TOKEN, SECRET).executeBatch(operation("5551000"), operation("7"));

    assertThat(answers).extracting(BatchResponse::getCode).containsExactly(400, 200);
    FacebookGraphException error =
        catchThrowableOfType(
            FacebookGraphException.class,
            () ->
                new DefaultFacebookExceptionGenerator()
                    .throwFacebookResponseStatusExceptionIfNecessary(
                        answers.get(0).getBody(), answers.get(0).getCode()));
    assertThat(error.getErrorCode()).isEqualTo(100);
    assertThat(error.getErrorSubcode()).isEqualTo(33);
    assertThat(error.getErrorMessage()).contains("Object with ID '5551000' does not exist");
  }

  @Test
  void batch_isRefused_withAnotherToken_orAnotherSecret() {
    FacebookOAuthException token =
        catchThrowableOfType(
            FacebookOAuthException.class,
            () -> client("1|another", SECRET).executeBatch(operation("7")));
    assertThat(token.getErrorCode()).isEqualTo(190);
    assertThat(token.getHttpStatusCode()).isEqualTo(400);

    FacebookGraphException proof =
        catchThrowableOfType(
            FacebookGraphException.class,
            () -> client(APP_TOKEN, "another").executeBatch(operation("7")));
    assertThat(proof.getErrorCode()).isEqualTo(100);
    assertThat(proof.getErrorMessage())
        .isEqualTo("Invalid appsecret_proof provided in the API argument");
    assertThat(graph.witness().conversions()).isZero();
  }

  @Test
  void batch_isRefused_beyondFiftyOperations() {
    DefaultFacebookClient client = client(APP_TOKEN, SECRET);
    List<BatchRequest> fifty =
        IntStream.rangeClosed(1, 50).mapToObj(id -> operation("" + id)).toList();
    List<BatchRequest> more = new ArrayList<>(fifty);
    more.add(operation("51"));

    assertThat(client.executeBatch(fifty)).hasSize(50);
    FacebookGraphException error =
        catchThrowableOfType(FacebookGraphException.class, () -> client.executeBatch(more));

    assertThat(error.getErrorType()).isEqualTo("GraphBatchException");
    assertThat(error.getErrorCode()).isNull();
    assertThat(error.getErrorMessage()).endsWith("Maximum batch size is 50");
  }

  @Test
  void singleRequests_areAnsweredToo() {
    graph.script().change(s -> s.rowsPerPage = 1);
    DefaultFacebookClient client = client(APP_TOKEN, SECRET);

    Connection<UserIDForPage> first =
        client.fetchConnection("7/ids_for_pages", UserIDForPage.class);
    Connection<UserIDForPage> second =
        client.fetchConnection(
            "7/ids_for_pages",
            UserIDForPage.class,
            Parameter.with("after", first.getAfterCursor()));
    User user = client.fetchObject("7", User.class, Parameter.with("fields", "id,ids_for_pages"));

    assertThat(first.getNextPageUrl()).contains("after=" + first.getAfterCursor());
    assertThat(first.getData()).extracting("id").containsExactly(psid(100, 7));
    assertThat(second.getData()).extracting("id").containsExactly(psid(200, 7));
    assertThat(second.hasNext()).isFalse();
    assertThat(user.getId()).isEqualTo("7");
    assertThat(user.getIdsForPages()).extracting("id").containsExactly(psid(100, 7));
  }

  @Test
  void timedProof_isTaken_andRefusedFromAnotherSecret() {
    assertThat(client(APP_TOKEN, SECRET, true).executeBatch(operation("7"))).hasSize(1);
    assertThat(
            catchThrowableOfType(
                    FacebookGraphException.class,
                    () -> client(APP_TOKEN, "another", true).executeBatch(operation("7")))
                .getErrorCode())
        .isEqualTo(100);
  }

  @Test
  void psid_leadsBackToTheAsid_withTheTokenOfThePage() {
    client(APP_TOKEN, SECRET).executeBatch(operation("7"));

    Connection<UserIDForApp> apps =
        client("token-of-100", SECRET)
            .fetchConnection(psid(100, 7) + "/ids_for_apps", UserIDForApp.class);

    assertThat(apps.getData())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getId()).isEqualTo("7");
              assertThat(row.getApp().getId()).isEqualTo("1");
            });
  }

  private DefaultFacebookClient client(String token, String secret) {
    return client(token, secret, false);
  }

  private DefaultFacebookClient client(String token, String secret, boolean timed) {
    return RestFb.client(graph.baseUrl(), token, secret, timed);
  }

  private static BatchRequest operation(String asid, Parameter... parameters) {
    return new BatchRequestBuilder(asid + "/ids_for_pages").parameters(parameters).build();
  }

  private Connection<UserIDForPage> page(BatchResponse answer) {
    return new Connection<>(client(APP_TOKEN, SECRET), answer.getBody(), UserIDForPage.class);
  }

  private static List<String> rows(BatchResponse answer) {
    String data = Json.parse(answer.getBody()).asObject().get("data").toString();
    return new DefaultJsonMapper()
        .toJavaList(data, UserIDForPage.class).stream()
            .map(row -> row.getPage().getId() + ":" + row.getId())
            .toList();
  }
}
