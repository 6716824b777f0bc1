package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.Program;

/**
 * The alerts fire when they should, and only then, in the cases of src/test/resources. Prometheus's
 * own promtool judges that; the rules are left in target/promtool for it.
 */
@Beside
class AlertRulesTest {
  private static final Path RULE =
      Path.of("k8s", "components", "monitoring", "prometheusrule.yaml");
  private static final Path CASES = Path.of("src", "test", "resources");
  private static final Path WORK = Path.of("target", "promtool");
  private static final Pattern NAMED = Pattern.compile("alertname=\"(\\w+)\"");
  private static final YAMLMapper YAML = new YAMLMapper();

  @BeforeAll
  static void leaveTheRules() throws IOException {
    Files.createDirectories(WORK);
    YAML.writeValue(WORK.resolve("rules.yaml").toFile(), YAML.readTree(RULE.toFile()).path("spec"));
  }

  @Test
  void everyAlert_hasACase() throws IOException {
    String cases =
        Files.readString(CASES.resolve("alerts.test.yaml"))
            + Files.readString(CASES.resolve("alerts-of-days.test.yaml"));
    Set<String> tested =
        NAMED.matcher(cases).results().map(found -> found.group(1)).collect(Collectors.toSet());
    List<String> alerts = new ArrayList<>();
    for (JsonNode group : YAML.readTree(RULE.toFile()).at("/spec/groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (rule.has("alert")) {
          alerts.add(rule.path("alert").asText());
        }
      }
    }
    assertThat(tested).containsExactlyInAnyOrderElementsOf(alerts);
  }

  @Foreign(Program.PROMTOOL)
  @ParameterizedTest
  @ValueSource(strings = {"alerts.test.yaml", "alerts-of-days.test.yaml"})
  void alerts_fireWhenTheyShould_andOnlyThen(String cases) throws Exception {
    Files.writeString(WORK.resolve(cases), Files.readString(CASES.resolve(cases)));
    Path output = WORK.resolve(cases + ".txt");
    ProcessBuilder command =
        new ProcessBuilder(Program.PROMTOOL.path().toString(), "test", "rules", cases)
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().put("GOGC", "800"); // a third of its time went into collecting garbage
    Process promtool = command.start();
    try {
      assertThat(promtool.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      promtool.destroyForcibly();
    }
    assertThat(promtool.exitValue()).as(Files.readString(output)).isZero();
  }
}
