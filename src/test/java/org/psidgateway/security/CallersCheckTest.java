package org.psidgateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.ops.Faults;

class CallersCheckTest {
  private static final String KEY = "gateway.callers.\"crm\".key-sha256";
  private static final String HASH = "ab".repeat(32);

  @Test
  void callers_areRequired_inProduction() {
    assertThat(faults(true, Map.of()))
        .containsExactly(
            "gateway.callers.\"<name>\".key-sha256 is required: at least one caller with a key and"
                + " roles");
    assertThat(faults(false, Map.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callerWithoutKeyOrRoles_isReported_everywhere(boolean production) {
    assertThat(
            faults(
                production,
                Map.of(
                    "gateway.callers.crm.roles", "read", "gateway.callers.etl.key-sha256", HASH)))
        .containsExactlyInAnyOrder(
            KEY + " is required: SHA-256 digests of 64 hexadecimal digits",
            "gateway.callers.\"etl\".roles is required: some of read, convert, import, export,"
                + " migrate, admin, privacy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "abcd", "zz"})
  void hash_isReported_butNotQuoted_whenItIsNone(String hash) {
    assertThat(faults(true, caller(hash)))
        .containsExactly(KEY + " must hold SHA-256 digests of 64 hexadecimal digits");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hashOfAnEmptyKey_isReported_everywhere(boolean production) {
    String empty = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
    assertThat(faults(production, caller(HASH + ", " + empty)))
        .singleElement()
        .asString()
        .startsWith(KEY + " is the digest of an empty key");
  }

  @Test
  void hash_isReported_whenItIsTaken() {
    assertThat(faults(true, caller(HASH + "," + HASH)))
        .containsExactly(KEY + " repeats a key that is already taken");
  }

  @Test
  void rate_isReported_whenNothingCouldPass() {
    assertThat(
            faults(
                true,
                Map.of(
                    "gateway.callers.crm.key-sha256", HASH,
                    "gateway.callers.crm.roles", "read",
                    "gateway.callers.crm.ids-per-minute", "0")))
        .containsExactly("gateway.callers.\"crm\".ids-per-minute is 0: must be 1 or more");
  }

  /** Whatever key is added to the profiles later. */
  @Test
  void everyKeyOfTheProfilesDevAndTest_isReported_inProductionAlone() throws IOException {
    assertThat(published(".key-sha256"))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            hash -> {
              assertThat(faults(true, caller(hash)))
                  .singleElement()
                  .asString()
                  .startsWith(KEY + " is the digest of \"");
              assertThat(faults(false, caller(hash))).isEmpty();
            });
  }

  /** The package refuses them: an image could not be built, or would not start. */
  @ParameterizedTest
  @ValueSource(strings = {"src/test/java/org/psidgateway/bench", "docker", "k8s"})
  void noPublishedSecret_isUsed_whenThePackageIsStarted(String directory) throws IOException {
    List<String> published = published(".key-sha256", "gateway.secrets.key", "gateway.app.secret");
    try (Stream<Path> files = Files.walk(Path.of(directory))) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file))
                      .doesNotContain(published.toArray(CharSequence[]::new)));
    }
  }

  private static List<String> published(String... keys) throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
      properties.load(reader);
    }
    return properties.stringPropertyNames().stream()
        .filter(name -> Stream.of(keys).anyMatch(name::endsWith))
        .map(properties::getProperty)
        .distinct()
        .toList();
  }

  private static Map<String, String> caller(String hash) {
    return Map.of("gateway.callers.crm.key-sha256", hash, "gateway.callers.crm.roles", "read");
  }

  private static List<String> faults(boolean production, Map<String, String> properties) {
    Faults faults = new Faults(production);
    new CallersCheck(
            new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(CallersConfig.class))
        .check(faults);
    return faults.all();
  }
}
