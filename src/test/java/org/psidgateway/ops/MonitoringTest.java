package org.psidgateway.ops;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts speak of what the gateway shows, and the runbook of the alerts. */
@QuarkusTest
class MonitoringTest {
  private static final Path MONITORING = Path.of("k8s", "components", "monitoring");
  private static final Path RUNBOOK = Path.of("docs", "runbook.md");

  /** What Prometheus adds to each series it collects. */
  private static final Set<String> ADDED = Set.of("namespace", "pod");

  @TestHTTPResource(value = "/metrics", management = true)
  URL metrics;

  private Scrape scrape;
  private JsonNode dashboard;
  private final List<JsonNode> rules = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    put("/v1/pages/100");
    given()
        .header("Authorization", "Bearer dev")
        .contentType("application/json")
        .body("{\"asids\":[\"4711\"],\"mode\":\"known_only\"}")
        .post("/v1/pages/100/mappings/resolve")
        .then()
        .statusCode(200);
    Awaitility.await().until(this::requestIsCounted);
    dashboard = new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
    new YAMLMapper()
        .readTree(MONITORING.resolve("prometheusrule.yaml").toFile())
        .at("/spec/groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
  }

  private static void put(String path) {
    given()
        .header("Authorization", "Bearer dev")
        .contentType("application/json")
        .body("{\"name\":\"Shoes\"}")
        .put(path);
  }

  private boolean requestIsCounted() {
    scrape = Scrape.of(given().get(metrics).asString());
    return scrape.has("http_server_requests_seconds_count");
  }

  @Test
  void everyPanel_showsWhatIsThere() {
    Map<String, String> expressions = new HashMap<>();
    dashboard
        .path("panels")
        .forEach(
            panel ->
                panel
                    .path("targets")
                    .forEach(
                        target ->
                            expressions.put(
                                panel.path("title").asText() + " " + target.path("refId").asText(),
                                target.path("expr").asText())));
    assertThat(expressions).hasSizeGreaterThan(40);
    expressions.forEach((where, expression) -> assertThere(where, expression, Set.of()));
    for (JsonNode variable : dashboard.at("/templating/list")) {
      String query = variable.path("query").asText();
      if (query.startsWith("label_values(")) {
        assertThere(query, query.replaceAll("^label_values\\((.*), \\w+\\)$", "$1"), Set.of());
      }
    }
  }

  @Test
  void everyRule_looksAtWhatIsThere() {
    Set<String> recorded = new HashSet<>();
    rules.forEach(rule -> recorded.add(rule.path("record").asText()));
    for (JsonNode rule : rules) {
      String name = rule.path("alert").asText() + rule.path("record").asText();
      assertThat(PromQl.metrics(rule.path("expr").asText())).as(name).isNotEmpty();
      assertThere(name, rule.path("expr").asText(), recorded);
    }
  }

  private void assertThere(String where, String expression, Set<String> recorded) {
    for (PromQl.Named named : PromQl.named(expression)) {
      String metric = named.metric();
      if (recorded.contains(metric)) {
        continue;
      }
      assertThat(scrape.has(metric)).as("%s: %s", where, metric).isTrue();
      // Of the framework's meters, some values come up only once they happen.
      if (metric.startsWith("gateway_") && !named.label().isEmpty()) {
        boolean there =
            ADDED.contains(named.label()) || scrape.has(metric, named.label(), named.value());
        assertThat(there).as("%s: %s", where, named).isTrue();
      }
    }
  }

  @Test
  void everyMeterOfOurs_isShown() throws IOException {
    String shown =
        Files.readString(MONITORING.resolve("dashboard.json"))
            + Files.readString(MONITORING.resolve("prometheusrule.yaml"));
    assertThat(scrape.series().keySet())
        .filteredOn(name -> name.startsWith("gateway_"))
        .extracting(name -> name.replaceAll("_(max|sum|count|bucket)$", ""))
        .allSatisfy(name -> assertThat(shown).contains(name));
  }

  @Test
  void everyAlert_saysWhatToDo() throws IOException {
    String runbook = Files.readString(RUNBOOK);
    Set<String> alerts = new HashSet<>();
    for (JsonNode rule : rules) {
      if (rule.has("alert")) {
        String name = rule.path("alert").asText();
        alerts.add(name);
        assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
        assertThat(rule.at("/annotations/summary").asText()).as(name).isNotEmpty();
        assertThat(rule.at("/annotations/description").asText()).as(name).isNotEmpty();
        assertThat(rule.at("/annotations/runbook_url").asText())
            .startsWith("https://")
            .endsWith("/docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
        assertThat(runbook).containsPattern("(?m)^### " + name + "$");
      }
    }
    assertThat(alerts).hasSizeGreaterThan(20);
    assertThat(
            runbook
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring("### ".length())))
        .containsExactlyInAnyOrderElementsOf(alerts);
  }
}
