package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.LegacyClient.SECRET;
import static org.psidgateway.it.LegacyClient.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignCondition;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Program;

/** Meta's own SDK for Node, as it is but for the base URL, takes the gateway for the Graph API. */
@Foreign({Program.NODE, Program.NPM})
class DoorForeignIT {
  private static final String TOKEN = "token-of-100";
  private static final Path OURS = Path.of("src", "test", "graph");

  @TempDir static Path folder;

  private static World world;
  private static Pod pod;

  @BeforeAll
  static void start() throws Exception {
    for (File file : OURS.toFile().listFiles(File::isFile)) {
      Files.copy(file.toPath(), folder.resolve(file.getName()));
    }
    Process packages = run(List.of("npm", "ci", "--prefer-offline", "--ignore-scripts"));
    ForeignCondition.demand(packages.exitValue() == 0, "npm ci does not work: " + printed());
    world = new World();
    pod =
        world
            .pod()
            .with("gateway.door.enabled", "true")
            .with("gateway.door.wait", "PT2S")
            .with("gateway.cooldown.initial", "PT8S")
            .start();
  }

  @AfterAll
  static void stop() {
    if (world != null) {
      pod.close();
      world.close();
    }
  }

  @Test
  void sdk_readsAnswersAndErrors_asItReadsGraphs() throws Exception {
    Awaitility.await().until(() -> map(TOKEN, proof(TOKEN), "12").has("answer"));
    assertThat(map(TOKEN, proof(TOKEN), "11,12").at("/answer/11/id").asText())
        .isEqualTo(Long.toString(SimulatedGraph.psidOf(World.PAGE, 11)));

    JsonNode bad = map(TOKEN, proof(TOKEN), "11,77x");
    assertThat(bad.path("name").asText()).isEqualTo("FacebookRequestError");
    assertThat(codeAndStatus(bad)).isEqualTo("100 400");
    assertThat(bad.at("/response/error_data/invalid_ids/0").asText()).isEqualTo("77x");
    assertThat(bad.path("message").asText()).startsWith("(#100)");
    assertThat(codeAndStatus(map(TOKEN, proof("dead"), "11"))).isEqualTo("100 400");
    assertThat(codeAndStatus(map("dead", proof("dead"), "11"))).isEqualTo("190 400");

    world.script().fault(Fault.slow(4_000).times(1));
    JsonNode slow = map(TOKEN, proof(TOKEN), "13");
    assertThat(codeAndStatus(slow)).isEqualTo("2 500");
    assertThat(slow.at("/response/is_transient").asBoolean()).isTrue();
    Awaitility.await().until(() -> map(TOKEN, proof(TOKEN), "13").has("answer"));
    world.script().fault(Fault.throttled().times(1));
    JsonNode throttled = map(TOKEN, proof(TOKEN), "14");
    assertThat(codeAndStatus(throttled)).isEqualTo("4 403");
    assertThat(throttled.at("/response/is_transient").asBoolean()).isTrue();
    assertThat(pod.log()).doesNotContain(TOKEN, SECRET);
  }

  private static String codeAndStatus(JsonNode refusal) {
    return refusal.at("/response/code").asText() + " " + refusal.path("status").asText();
  }

  private static JsonNode map(String token, String proof, String ids) throws Exception {
    String baseUrl = pod.uri("").toString();
    Process program = run(List.of("node", "client.js", baseUrl, token, proof, ids));
    assertThat(program.exitValue()).as(printed()).isZero();
    return new ObjectMapper().readTree(printed());
  }

  private static Process run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    return process;
  }

  private static File output() {
    return folder.resolve("output.txt").toFile();
  }

  private static String printed() throws IOException {
    return Files.readString(output().toPath());
  }
}
