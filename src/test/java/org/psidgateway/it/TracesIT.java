package org.psidgateway.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.Link;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Collector;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** What a collector receives about a request and about the calls that it waited for. */
class TracesIT {
  private static final World WORLD = new World();
  private static final Collector COLLECTOR = new Collector();
  private static Pod pod;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    pod = COLLECTOR.fed(WORLD.pod()).with("quarkus.otel.traces.sampler.arg", "0").start();
    gateway = new Gateway(pod).overHttp1();
  }

  @AfterAll
  static void stop() {
    pod.close();
    COLLECTOR.close();
    WORLD.close();
  }

  @Test
  void logLines_haveTheTraceOfTheirRequest_recordedOrNot() {
    String recorded = "12121212121212121212121212121212";
    String other = "34343434343434343434343434343434";
    gateway.traced(recorded).put("/v1/logging/org.psidgateway.time", "{\"level\":null}");
    gateway.untraced(other).put("/v1/logging/org.psidgateway.time", "{\"level\":null}");
    assertThat(pod.log())
        .contains("\"traceId\":\"" + recorded + "\"", "\"traceId\":\"" + other + "\"");
  }

  @Test
  void requestAndCall_haveTracesOfTheirOwn_linkedBothWays() {
    String trace = "11111111111111111111111111111111";
    assertThat(gateway.traced(trace).resolve(PAGE, 10, 9101, 9102).mappings()).hasSize(2);

    Awaitility.await().until(() -> ofTrace(trace).size() == 4);
    Span request = named(ofTrace(trace), "POST /v1/pages/{page_id}/mappings/resolve");
    assertThat(request.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(List.of("cache", "store", "wait"))
        .allSatisfy(
            step ->
                assertThat(named(ofTrace(trace), step).getParentSpanId())
                    .isEqualTo(request.getSpanId()));

    Span call = callOf(request);
    assertThat(call.getTraceId()).isNotEqualTo(request.getTraceId());
    assertThat(linkedFrom(call)).containsExactly(request.getSpanId());
    assertThat(attributes(call))
        .containsEntry("gateway.outcome", "answered")
        .containsEntry("gateway.page_id", "100")
        .containsEntry("gateway.lane", "interactive");
    Awaitility.await().until(() -> children(call).size() == 3);
    assertThat(children(call).stream().map(Span::getName))
        .containsExactlyInAnyOrder("reserve", "upstream", "settle");
    assertThat(named(children(call), "upstream").getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
    String entries = gateway.get("/v1/quota/entries").text();
    assertThat(entries).contains(attributes(call).get("gateway.call_id"));
  }

  @Test
  void everybodyWhoWaitsForACall_isLinkedToIt_lateComersToo() {
    String first = "22222222222222222222222222222222";
    String late = "33333333333333333333333333333333";
    WORLD.script().fault(Fault.slow(1500).times(1));
    int before = WORLD.witness().calls().size();
    CompletableFuture<Answer> one = gateway.traced(first).resolveAsync(PAGE, 10, 9201, 9202);
    Awaitility.await().until(() -> WORLD.witness().calls().size() > before);
    CompletableFuture<Answer> other = gateway.traced(late).resolveAsync(PAGE, 10, 9202);
    assertThat(one.join().mappings()).hasSize(2);
    assertThat(other.join().mappings()).hasSize(1);

    Awaitility.await().until(() -> ofTrace(first).size() == 4 && ofTrace(late).size() == 4);
    assertThat(callOf(server(first))).isEqualTo(callOf(server(late)));
  }

  @Test
  void whatTheCallerDoesNotWantRecorded_isNot() {
    String unwanted = "44444444444444444444444444444444";
    String wanted = "55555555555555555555555555555555";
    gateway.untraced(unwanted).resolve(PAGE, 10, 9301);
    gateway.traced(wanted).resolve(PAGE, 10, 9302);

    Awaitility.await().until(() -> ofTrace(wanted).size() == 4);
    assertThat(ofTrace(unwanted)).isEmpty();
  }

  @Test
  void noIdOfAPerson_noTokenAndNoKey_isSent() {
    String trace = "66666666666666666666666666666666";
    Gateway traced = gateway.traced(trace);
    long asid = 910_000_000_000_001L;
    long psid = traced.resolve(PAGE, 10, asid).mappings().get(asid);
    traced.get("/v1/pages/100/mappings/" + asid);
    traced.get("/v1/pages/100/mappings/" + asid + "x");
    traced.get("/v1/pages/100/mappings?psid=" + psid);
    traced.get("/nothing/" + asid + "?asid=" + asid);

    Awaitility.await().until(() -> ofTrace(trace).size() >= 4 + 4);
    assertThat(psid).isEqualTo(SimulatedGraph.psidOf(PAGE, asid));
    assertThat(COLLECTOR.received())
        .contains("/v1/pages/*/mappings/*")
        .doesNotContain(Long.toString(asid), Long.toString(psid), "token-of-100", Pod.KEY);
  }

  @Test
  void whateverIsSent_noIdOfAPersonIsInItsTrace() throws IOException {
    String trace = "77777777777777777777777777777777";
    String id = "910000000000002";
    List<String> lines =
        List.of(
            "DELETE /v1/pages/100/mappings/" + id,
            "X" + id + " /v1/pages/100/mappings/" + id,
            "GET //" + id + "/x",
            "GET http://" + id + "/v1/pages/100/mappings?psid={" + id + "}",
            "GET /v1/pages/100/mappings/%zz" + id,
            "OPTIONS /v1/pages/100/mappings/" + id,
            "OPTIONS /" + id);
    for (String line : lines) {
      String answer =
          Http.raw(
              pod.uri("/"),
              line
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: 00-"
                  + trace
                  + "-00f067aa0ba902b7-01\r\n\r\n");
      assertThat(answer).as(line).containsIgnoringCase("x-request-id: ").doesNotContain(id);
    }
    Awaitility.await().until(() -> ofTrace(trace).size() == lines.size());
    assertThat(COLLECTOR.received()).doesNotContain(id);
    assertThat(ofTrace(trace).stream().map(Span::getName))
        .contains("DELETE /v1/pages/{page_id}/mappings/{asid}");
  }

  private static List<Span> ofTrace(String id) {
    ByteString trace = ByteString.copyFrom(HexFormat.of().parseHex(id));
    return COLLECTOR.spans().stream().filter(span -> span.getTraceId().equals(trace)).toList();
  }

  private static Span named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findAny().orElseThrow();
  }

  private static Span server(String trace) {
    return named(ofTrace(trace), "POST /v1/pages/{page_id}/mappings/resolve");
  }

  /** The one call that this request is linked to. */
  private static Span callOf(Span request) {
    Set<ByteString> linked = linkedFrom(request);
    assertThat(linked).hasSize(1);
    return Awaitility.await()
        .until(
            () ->
                COLLECTOR.spans().stream()
                    .filter(span -> linked.contains(span.getSpanId()))
                    .findAny()
                    .orElse(null),
            span -> span != null);
  }

  private static Set<ByteString> linkedFrom(Span span) {
    return span.getLinksList().stream().map(Link::getSpanId).collect(toSet());
  }

  private static List<Span> children(Span parent) {
    return COLLECTOR.spans().stream()
        .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
        .toList();
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                attribute -> attribute.getKey(),
                attribute ->
                    attribute.getValue().hasIntValue()
                        ? Long.toString(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue()));
  }
}
