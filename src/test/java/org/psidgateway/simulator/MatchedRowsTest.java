package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.APP_TOKEN;
import static org.psidgateway.simulator.GraphClient.SECRET;
import static org.psidgateway.simulator.GraphClient.body;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.psid;
import static org.psidgateway.simulator.GraphClient.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.MatchingSettings.ForeignPage;

/** Which rows a person has, and how they are divided into pages. */
class MatchedRowsTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void filter_leavesOnePage() throws Exception {
    JsonNode answer = client.batchJson("7/ids_for_pages?page=200", "7/ids_for_pages?page=999");

    assertThat(rows(body(answer.get(0)))).containsExactly("200:" + psid(200, 7));
    assertThat(body(answer.get(1))).hasToString("{\"data\":[]}");

    client.script.change(s -> s.ignorePageFilter = true);
    assertThat(rows(body(client.batchJson("7/ids_for_pages?page=200").get(0)))).hasSize(2);
  }

  @Test
  void otherBusiness_hasNoRows_orAnError() throws Exception {
    client.script.change(
        s -> {
          s.foreignPages = Set.of(200L);
          s.businessPages = Set.of(300L);
        });
    assertThat(rows(body(client.batchJson("7/ids_for_pages").get(0))))
        .containsExactly("100:" + psid(100, 7), "300:" + psid(300, 7));
    assertThat(body(client.batchJson("7/ids_for_pages?page=200").get(0)).get("data")).isEmpty();

    client.script.change(s -> s.foreignPage = ForeignPage.INVALID);
    assertThat(client.errorCode("7/ids_for_pages?page=200")).isEqualTo(100);
    client.script.change(s -> s.foreignPage = ForeignPage.NOT_ALLOWED);
    assertThat(client.errorCode("7/ids_for_pages?page=200")).isEqualTo(10);
    assertThat(client.errorCode("7/ids_for_pages?page=x")).isEqualTo(100);
  }

  @Test
  void cursor_leadsThroughRows_afterEmptyPages() throws Exception {
    client.script.change(
        s -> {
          s.emptyPages = 2;
          s.maxRowsPerPage = 1;
        });
    List<Integer> sizes = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonNode list = body(client.batchJson("7/ids_for_pages?limit=50" + after).get(0));
      sizes.add(list.get("data").size());
      JsonNode next = list.at("/paging/next");
      after = next.isTextual() ? "&after=" + list.at("/paging/cursors/after").textValue() : null;
    }

    assertThat(sizes).containsExactly(0, 0, 1, 1);
    assertThat(client.errorCode("7/ids_for_pages?after=x")).isEqualTo(100);
    assertThat(client.errorCode("7/ids_for_pages?limit=0")).isEqualTo(100);
  }

  @Test
  void link_hasTheTokenAndNoProof() throws Exception {
    client.script.change(s -> s.rowsPerPage = 1);
    String link =
        body(client.batchJson("v26.0/7/ids_for_pages").get(0)).at("/paging/next").textValue();
    assertThat(link).startsWith(client.graph.baseUrl() + "/v26.0/7/ids_for_pages?");

    String path = link.substring(client.graph.baseUrl().length());
    String proof = "&appsecret_proof=" + ProofCheck.hmac(SECRET, APP_TOKEN);
    assertThat(rows(json(client.send(client.to(path + proof).GET()))))
        .containsExactly("200:" + psid(200, 7));
    assertThat(json(client.send(client.to(path).GET())).at("/error/code").intValue())
        .isEqualTo(100);
  }

  @Test
  void shapes_areThoseOfTheScript() throws Exception {
    client.script.change(
        s -> {
          s.duplicateRows = true;
          s.psidNumbers = true;
          s.extraKeys = true;
          s.emptyPaging = true;
          s.unmappedIds = Set.of(8L);
        });
    JsonNode answer = client.batchJson("7/ids_for_pages", "8/ids_for_pages");

    JsonNode data = body(answer.get(0)).get("data");
    assertThat(data).hasSize(4);
    assertThat(data.at("/0/id").isNumber()).isTrue();
    assertThat(data.at("/0/page").fieldNames()).toIterable().contains("category", "link");
    assertThat(body(answer.get(1))).hasToString("{\"data\":[],\"paging\":{}}");
  }
}
