package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.psid;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatorScript.EmptyStyle;
import org.psidgateway.simulator.SimulatorScript.PsidStyle;

class AnswerShapeTest {
  private static final String A = "10154673853349851";
  private static final String B = "645195294";

  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void answer_isKeyedByAsidWithIdObjects_byDefault() throws Exception {
    var response = client.ask(A, B);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=UTF-8");
    assertThat(response.body())
        .isEqualTo(
            "{\"%s\":{\"id\":\"%s\"},\"%s\":{\"id\":\"%s\"}}"
                .formatted(A, psid(100, 10154673853349851L), B, psid(100, 645195294)));
    assertThat(client.witness.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.page()).isEqualTo(100);
              assertThat(call.asked()).containsExactly(10154673853349851L, 645195294);
              assertThat(call.outcome()).isEqualTo("answered");
              assertThat(call.arrivedMillis()).isEqualTo(GraphClient.START.toEpochMilli());
              assertThat(call.returned())
                  .containsExactly(
                      SimulatedGraph.psidOf(100, 10154673853349851L),
                      SimulatedGraph.psidOf(100, 645195294));
            });
  }

  @Test
  void answer_hasBareStrings_inPlainStyle() throws Exception {
    client.script.change(s -> s.psidStyle = PsidStyle.PLAIN);

    assertThat(client.ask(B).body())
        .isEqualTo("{\"%s\":\"%s\"}".formatted(B, psid(100, 645195294)));
  }

  @Test
  void answer_hasNumbers_whenScriptedSo() throws Exception {
    client.script.change(s -> s.psidNumbers = true);
    JsonNode objects = client.askJson(A);
    client.script.change(s -> s.psidStyle = PsidStyle.PLAIN);
    JsonNode plain = client.askJson(A);

    long truth = SimulatedGraph.psidOf(100, 10154673853349851L);
    assertThat(objects.at("/" + A + "/id").isNumber()).isTrue();
    assertThat(objects.at("/" + A + "/id").longValue()).isEqualTo(truth);
    assertThat(plain.get(A).longValue()).isEqualTo(truth);
  }

  @Test
  void answer_hasWrapperAndUnknownKeys_whenScriptedSo() throws Exception {
    client.script.change(
        s -> {
          s.dataWrapper = true;
          s.extraKeys = true;
        });

    JsonNode answer = client.askJson(A, B);

    assertThat(answer.at("/data/" + B + "/id").textValue()).isEqualTo(psid(100, 645195294));
    assertThat(answer.at("/data/" + B + "/name").isTextual()).isTrue();
    assertThat(answer.get("data")).hasSize(3);
  }

  @Test
  void answer_isEmptyObjectOrList_whenNothingIsMapped() throws Exception {
    client.script.change(s -> s.unmappedIds = Set.of(645195294L));
    assertThat(client.ask(B).body()).isEqualTo("{}");

    client.script.change(s -> s.emptyStyle = EmptyStyle.LIST);
    assertThat(client.ask(B).body()).isEqualTo("[]");

    client.script.change(s -> s.dataWrapper = true);
    assertThat(client.ask(B).body()).isEqualTo("{\"data\":[]}");
    assertThat(client.witness.conversions()).isZero();
    assertThat(client.witness.timesAsked(100, 645195294)).isEqualTo(3);
  }

  @Test
  void answer_leavesOutUnmappedIds_bySuffixToo() throws Exception {
    client.script.change(s -> s.unmappedSuffixes.add("404"));

    JsonNode answer = client.askJson("77404", "77405");

    assertThat(answer.fieldNames()).toIterable().containsExactly("77405");
    assertThat(client.witness.timesConverted(100, 77404)).isZero();
    assertThat(client.witness.timesConverted(100, 77405)).isEqualTo(1);
  }

  @Test
  void answer_holdsARepeatedIdOnce_whenAskedTwice() throws Exception {
    assertThat(client.askJson(B, B)).hasSize(1);
    assertThat(client.witness.conversions()).isEqualTo(1);
  }

  @Test
  void psids_differByPageAndPerson_andHave15To17Digits() {
    List<Long> psids =
        LongStream.rangeClosed(1, 2000)
            .flatMap(id -> LongStream.of(100, 200, id).map(page -> SimulatedGraph.psidOf(page, id)))
            .distinct()
            .boxed()
            .toList();

    // (100, 100) and (200, 200) stand twice.
    assertThat(psids).hasSize(6000 - 2);
    assertThat(psids).allMatch(p -> Long.toString(p).matches("[1-9][0-9]{14,16}"));
    assertThat(psids).anyMatch(p -> p > 1L << 53);
  }
}
