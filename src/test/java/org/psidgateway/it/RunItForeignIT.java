package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Program;

/**
 * "Run it" of the README, pasted into a shell: from the distribution's PostgreSQL to the first
 * answer. Other are the ports, the upstream, which is simulated, and the build, which is done.
 */
@Foreign({Program.POSTGRES, Program.PSQL})
class RunItForeignIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
  private static final Path PACKAGE = Path.of("target/quarkus-app").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port = Pod.freePort();
  private final int managementPort = Pod.freePort();
  private final int postgres = ForeignPostgres.emptyDatabase().port();

  @TempDir Path checkout;

  @Test
  void runIt_endsWithTheAnswerThatIsPrinted() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    int start = readme.indexOf("\n## Run it\n");
    String section = readme.substring(start, readme.indexOf("\n## ", start + 1));
    String script =
        blocks(section, "sh")
            .replace(":8080/", ":" + port + "/")
            .replace(":9000/", ":" + managementPort + "/")
            .replace(":5432/", ":" + postgres + "/");

    String output;
    try (SimulatedGraph upstream =
        SimulatedGraph.start(
            0,
            new SimulatorScript("your-app-secret").page(100, "your-page-token"),
            InstantSource.system())) {
      output = paste(script, upstream.baseUrl());
    }

    assertThat(output)
        .contains("CREATE ROLE", "CREATE DATABASE", " starts with profile prod: ")
        .contains("window open until");
    String answer = output.substring(output.lastIndexOf("{\"page_id\""));
    assertThat(JSON.readTree(answer)).isEqualTo(JSON.readTree(blocks(section, "json")));
  }

  private static String blocks(String section, String language) {
    return BLOCK
        .matcher(section)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .collect(Collectors.joining());
  }

  /** All that is printed until the gateway has stopped. */
  private String paste(String script, String upstream) throws IOException, InterruptedException {
    Files.writeString(checkout.resolve("mvnw"), "#!/bin/sh\n");
    assertThat(checkout.resolve("mvnw").toFile().setExecutable(true)).isTrue();
    Files.createDirectory(checkout.resolve("target"));
    Files.createSymbolicLink(checkout.resolve("target/quarkus-app"), PACKAGE);
    Path output = checkout.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder(
                "bash",
                "-ec",
                "sudo() { shift 2; \"$@\"; }\ntrap 'kill $! && wait' EXIT\n" + script + "\necho")
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    shell
        .environment()
        .putAll(
            Map.of(
                "PATH",
                java + ":" + System.getenv("PATH"),
                "PGHOST",
                "localhost",
                "PGPORT",
                String.valueOf(postgres),
                "PGUSER",
                "postgres",
                "PGPASSWORD",
                "any",
                "GATEWAY_UPSTREAM_BASE_URL",
                upstream,
                "QUARKUS_HTTP_PORT",
                String.valueOf(port),
                "QUARKUS_MANAGEMENT_PORT",
                String.valueOf(managementPort)));
    Process process = shell.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroy();
    assertThat(ended).as(Files.readString(output)).isTrue();
    return Files.readString(output);
  }
}
