package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptorsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway.app.id",
        "gateway.app.secret",
        "gateway.secrets.key",
        "gateway.pages.\"100\".token",
        "gateway.callers.crm.key-sha256",
        "gateway.store.replica.password",
        "quarkus.datasource.username",
        "quarkus.datasource.password",
        "quarkus.redis.password"
      })
  void endOfTheLine_isNoPartOfAValue(String key) {
    for (String end : new String[] {"\n", "\r\n", "\n\n"}) {
      assertThat(config(Map.of(key, "se cret" + end)).getRawValue(key)).isEqualTo("se cret");
    }
  }

  @Test
  void blanks_areNoPart_ofTheGatewaysOwnValuesAlone() {
    SmallRyeConfig config =
        config(Map.of("gateway.app.secret", " s \n", "quarkus.datasource.password", " s \n"));
    assertThat(config.getRawValue("gateway.app.secret")).isEqualTo("s");
    assertThat(config.getRawValue("quarkus.datasource.password")).isEqualTo(" s ");
  }

  @Test
  void nothingButBlanks_isMissing() {
    assertThat(
            config(Map.of("gateway.app.secret", " \n"))
                .getOptionalValue("gateway.app.secret", String.class))
        .isEmpty();
  }

  @Test
  void valueOfAnExpression_isStrippedToo() {
    assertThat(
            config(Map.of("quarkus.redis.password", "${file.secret}", "file.secret", "s\n"))
                .getRawValue("quarkus.redis.password"))
        .isEqualTo("s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "replica.", "\"replica\"."})
  void emptyPropertyOfTheConnections_isAbsent(String replica) {
    String options = "quarkus.datasource." + replica + "jdbc.additional-jdbc-properties.options";
    SmallRyeConfig config = config(Map.of(options, " \n", "quarkus.other", ""));
    assertThat(config.getLatestPropertyNames()).containsExactly("quarkus.other");
    assertThat(config.getOptionalValue(options, String.class)).isEmpty();
  }

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withCustomizers(new ReadableConfiguration())
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }
}
