package org.psidgateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.problem.Problem;

class StrictJsonTest {
  private final StrictJson json = new StrictJson();

  @Test
  void constant_isReadByItsName() throws IOException {
    assertThat(json.read(body("{\"level\":\"DEBUG\"}"), LoggingResource.Body.class).level())
        .isEqualTo(LoggingResource.Level.DEBUG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"3\"", "\"debug\"", "\"\"", "true", "[]"})
  void constant_isRefused_byAnythingElse(String level) {
    assertThatThrownBy(
            () -> json.read(body("{\"level\":" + level + "}"), LoggingResource.Body.class))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":1}|/name|must be a string",
        "{\"fans\":\"x\"}|/fans|must be an integer",
        "{\"fans\":1.5}|/fans|must be an integer",
        "{\"paused\":\"no\"}|/paused|must be true or false",
        "[]|''|must be a JSON object",
        "{\"fan\":1}|/fan|unknown field",
      })
  void refusal_saysWhatWouldBeRight(String text, String pointer, String detail) {
    assertThatThrownBy(() -> json.read(body(text), PageBodies.Change.class))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.extensions())
                    .containsEntry(
                        "errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }

  @Test
  void refusedConstant_namesTheRightOnes() {
    assertThatThrownBy(() -> json.read(body("{\"level\":\"TRACE\"}"), LoggingResource.Body.class))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.extensions().toString())
                    .contains("must be one of ERROR, WARN, INFO, DEBUG"));
  }

  private static InputStream body(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
