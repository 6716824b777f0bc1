package org.psidgateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static InputStream body(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
