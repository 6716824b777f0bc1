package org.psidgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.psidgateway.ops.Environment;

/** docker/compose.yaml and the Dockerfiles, as far as they can be judged without an engine. */
class ComposeTest {
  private static final Path DOCKER = Path.of("docker");
  private static final JsonNode COMPOSE =
      StrictYaml.documents(DOCKER.resolve("compose.yaml")).get(0);

  /** The keys of Compose that a service may use here. */
  private static final Set<String> SERVICE =
      Set.of(
          "build",
          "cap_drop",
          "command",
          "configs",
          "depends_on",
          "deploy",
          "env_file",
          "environment",
          "healthcheck",
          "image",
          "ports",
          "read_only",
          "restart",
          "security_opt",
          "stop_grace_period",
          "tmpfs",
          "volumes");

  @Test
  void everyName_isOneThatComposeKnows() {
    assertThat(names(COMPOSE)).containsExactlyInAnyOrder("name", "services", "volumes", "configs");
    assertThat(services())
        .allSatisfy((name, service) -> assertThat(SERVICE).containsAll(names(service)));
    assertThat(services().values())
        .filteredOn(service -> service.has("build"))
        .allSatisfy(
            service ->
                assertThat(Set.of("context", "dockerfile", "target"))
                    .containsAll(names(service.get("build"))));
  }

  @Test
  void whatServicesReferTo_exists() throws IOException {
    List<String> stages = stages(DOCKER.resolve("Dockerfile.jvm"));
    for (JsonNode service : services().values()) {
      for (JsonNode file : service.path("env_file")) {
        assertThat(DOCKER.resolve(file.asText())).isRegularFile();
      }
      for (JsonNode config : service.path("configs")) {
        assertThat(names(COMPOSE.get("configs"))).contains(config.get("source").asText());
      }
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asText().replaceFirst(":.*", "");
        if (source.startsWith(".")) {
          assertThat(DOCKER.resolve(source)).isRegularFile();
        } else {
          assertThat(names(COMPOSE.get("volumes"))).contains(source);
        }
      }
      JsonNode needed = service.path("depends_on");
      assertThat(names(COMPOSE.get("services")))
          .containsAll(needed.isArray() ? texts(needed) : names(needed));
      if (service.path("build").has("target")) {
        assertThat(stages).contains(service.path("build").path("target").asText());
      }
    }
  }

  @Test
  void theGatewaysEnvironment_isKnownToIt_andNamesServices() {
    Map<String, String> environment = environment(services().get("gateway"));
    assertThat(Environment.unknown(environment)).isEmpty();
    for (String name :
        List.of(
            "QUARKUS_DATASOURCE_JDBC_URL", "QUARKUS_REDIS_HOSTS", "GATEWAY_UPSTREAM_BASE_URL")) {
      assertThat(services()).containsKey(environment.get(name).replaceAll(".*//|:\\d+.*", ""));
    }
  }

  /** What is one secret on both sides is written in two places. */
  @Test
  void theSimulatorAndPostgres_haveTheGatewaysKeys() {
    Map<String, String> gateway = environment(services().get("gateway"));
    JsonNode simulator = services().get("simulator").get("environment");
    JsonNode postgres = services().get("postgresql").get("environment");
    assertThat(simulator.get("SIMULATOR_APP_SECRET").asText())
        .isEqualTo(gateway.get("GATEWAY_APP_SECRET"));
    for (String page : List.of("100", "200")) {
      assertThat(simulator.get("SIMULATOR_PAGES_" + page).asText())
          .isEqualTo(gateway.get("GATEWAY_PAGES__" + page + "__TOKEN"));
    }
    assertThat(postgres.get("POSTGRES_USER").asText())
        .isEqualTo(gateway.get("QUARKUS_DATASOURCE_USERNAME"));
    assertThat(postgres.get("POSTGRES_PASSWORD").asText())
        .isEqualTo(gateway.get("QUARKUS_DATASOURCE_PASSWORD"));
  }

  /** A recording made with other flags than those of the start is thrown away by the JVM. */
  @Test
  void theImage_startsWithTheFlagsThatWereRehearsed() throws IOException {
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile.jvm"));
    String rehearsal = dockerfile.replaceAll("(?s).*(\\[\"java\".*?AOTCacheOutput.*?\\]).*", "$1");
    String start = dockerfile.replaceAll("(?s).*(ENTRYPOINT \\[.*?\\])", "$1");
    for (String flag : List.of("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "quarkus-run.jar")) {
      assertThat(rehearsal).contains(flag);
      assertThat(start).contains(flag);
    }
    assertThat(rehearsal).contains("\"-XX:AOTCacheOutput=/tmp/app.aot\"");
    assertThat(dockerfile).contains("COPY --from=rehearsal --chown=0:0 /tmp/app.aot ./");
    assertThat(start).contains("\"-XX:AOTCache=/opt/psid-gateway/app.aot\"");
    assertThat(dockerfile).contains("USER 10001:10001");
  }

  private static Map<String, JsonNode> services() {
    return COMPOSE.get("services").properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> environment(JsonNode service) {
    return texts(service.get("env_file")).stream()
        .flatMap(file -> Deployed.variables(DOCKER.resolve(file)))
        .collect(Collectors.toMap(line -> line[0], line -> line[1], (first, last) -> last));
  }

  private static List<String> stages(Path dockerfile) throws IOException {
    try (Stream<String> lines = Files.lines(dockerfile)) {
      return lines
          .filter(line -> line.matches("FROM \\S+ AS \\S+"))
          .map(line -> line.replaceFirst(".* ", ""))
          .toList();
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
