package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/** What docs/simulator.md says can be done. */
class SimulatorGuideTest {
  private static final Pattern SCRIPT =
      Pattern.compile("(?ms)(?:-d '|^\\| [^\n]*\\| `|```json\n)(\\{.*?})(?:'|` \\||\n```)");

  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void scripts_areAccepted() throws Exception {
    List<String> scripts = new ArrayList<>();
    SCRIPT.matcher(guide()).results().forEach(match -> scripts.add(match.group(1)));

    assertThat(scripts).hasSize(10);
    for (String script : scripts) {
      var request = client.to("/simulator/script").PUT(BodyPublishers.ofString(script));
      assertThat(client.send(request).statusCode()).as(script).isEqualTo(200);
    }
  }

  @Test
  void kindsOfFaults_areAllExplained() throws Exception {
    assertThat(guide())
        .contains(
            Arrays.stream(Fault.Kind.values())
                .map(kind -> "`" + kind.name().toLowerCase(Locale.ROOT) + "`")
                .toList());
  }

  @Test
  void partialPeople_areWhereTheGuideSays() throws Exception {
    client.script.change(s -> s.partialSuffixes = List.of("206"));

    JsonNode answer = client.askJson("5552206", "5551206");

    assertThat(answer.fieldNames()).toIterable().containsExactly("5552206");
    assertThat(client.script.maps(200, 5552206)).isFalse();
    assertThat(client.script.maps(200, 5551206)).isTrue();
  }

  private static String guide() throws Exception {
    return Files.readString(Path.of("docs", "simulator.md"));
  }
}
