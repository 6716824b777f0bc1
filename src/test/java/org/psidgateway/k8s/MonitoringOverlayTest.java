package org.psidgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.Program;

/** Prometheus finds monitor and rules by a label, and people find the runbook by an address. */
@Beside
class MonitoringOverlayTest {
  private static final Path PRODUCTION = Path.of("k8s", "overlays", "production");

  @Foreign(Program.KUBECTL)
  @Test
  void labelAndAddress_areThoseOfTheOverlay() throws Exception {
    JsonNode wanted =
        StrictYaml.documents(PRODUCTION.resolve("monitoring.yaml")).get(0).path("data");
    List<JsonNode> built = build();

    assertThat(built)
        .filteredOn(resource -> resource.path("apiVersion").asText().startsWith("monitoring."))
        .hasSize(2)
        .allSatisfy(
            resource ->
                assertThat(resource.at("/metadata/labels/release"))
                    .isEqualTo(wanted.get("release")));
    List<JsonNode> alerts = alerts(built);
    assertThat(alerts).hasSizeGreaterThan(20);
    for (JsonNode alert : alerts) {
      assertThat(alert.at("/annotations/runbook_url").asText())
          .startsWith("https://")
          .isEqualTo(
              wanted.path("runbook").asText()
                  + "#"
                  + alert.path("alert").asText().toLowerCase(Locale.ROOT));
    }
    assertThat(built)
        .extracting(resource -> resource.at("/metadata/name").asText())
        .doesNotContain("psid-gateway-monitoring"); // the cluster has no use for it
  }

  private static List<JsonNode> alerts(List<JsonNode> built) {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode resource : built) {
      for (JsonNode group : resource.at("/spec/groups")) {
        group.path("rules").forEach(alerts::add);
      }
    }
    alerts.removeIf(rule -> !rule.has("alert"));
    return alerts;
  }

  private static List<JsonNode> build() throws Exception {
    Path output = Files.createTempFile("production", ".yaml");
    Process kubectl =
        new ProcessBuilder(Program.KUBECTL.path().toString(), "kustomize", PRODUCTION.toString())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(kubectl.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(kubectl.exitValue()).isZero();
    try {
      return StrictYaml.documents(Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
