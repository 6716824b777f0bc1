package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.psidgateway.testing.Pod;

/** What a pod said when it started, or did not: every line is JSON. */
final class StartLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> lines;

  private StartLog(String text) {
    lines = text.lines().map(StartLog::parse).toList();
  }

  static StartLog of(Pod pod) {
    return new StartLog(pod.log());
  }

  /** Of a start that has to fail, without a stack trace. */
  static StartLog ofFailure(Pod.Settings settings) {
    Pod.Failure failure = settings.fail();
    assertThat(failure).as("the end of the start").isNotNull();
    assertThat(failure.exitCode()).isEqualTo(1);
    StartLog log = new StartLog(failure.log());
    assertThat(log.lines).noneMatch(line -> line.has("exception"));
    return log;
  }

  /** The messages of a level, in their order. */
  List<String> messages(String level) {
    return lines.stream()
        .filter(line -> line.path("level").asText().equals(level))
        .map(line -> line.path("message").asText())
        .toList();
  }

  @Override
  public String toString() {
    return lines.stream().map(line -> line.path("message").asText()).toList().toString();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
