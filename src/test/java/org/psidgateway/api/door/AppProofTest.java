package org.psidgateway.api.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.Sha256;
import org.psidgateway.ops.Faults;

/** Who knows the secret of the app, and for how long a proof shows it. */
class AppProofTest {
  private static final String TOKEN = "ACCESS_TOKEN";
  private static final String PUBLISHED =
      "a727796e1b4e9053916f82f7a0b90f240862b289bb3c9ac5ff6e2231e18a491c";

  private final AppProof proof =
      new AppProof(
          config(Map.of("gateway.app.secret", " APP_SECRET\n")),
          () -> Instant.ofEpochSecond(1_700_000_000));

  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .withMapping(DoorConfig.class)
        .build();
  }

  private static String timed(String time) {
    byte[] key = "APP_SECRET".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.hmac(key, TOKEN + "|" + time));
  }

  @Test
  void plainProof_holdsForItsTokenAlone() {
    assertThat(proof.holds(TOKEN, PUBLISHED, null)).isTrue();
    assertThat(proof.holds(TOKEN + "x", PUBLISHED, null)).isFalse();
    assertThat(proof.holds(TOKEN, PUBLISHED.substring(1), null)).isFalse();
    assertThat(proof.holds(TOKEN, "", null)).isFalse();
    assertThat(proof.holds(TOKEN, PUBLISHED, "1700000000")).isFalse();
    assertThat(proof.holds(TOKEN, timed("1700000000"), null)).isFalse();
  }

  @Test
  void timedProof_holdsForFiveMinutes() {
    for (String time : List.of("1700000000", "1699999700", "1700000300")) {
      assertThat(proof.holds(TOKEN, timed(time), time)).as(time).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1699999699",
        "1700000301",
        "0",
        "-1",
        "1700000000.0",
        "99999999999999999999",
        "x"
      })
  void timedProof_ofAnotherTime_doesNotHold(String time) {
    assertThat(proof.holds(TOKEN, timed(time), time)).isFalse();
  }

  private static List<String> faults(Map<String, String> properties) {
    SmallRyeConfig config = config(properties);
    Faults faults = new Faults(false);
    new DoorCheck(config.getConfigMapping(DoorConfig.class), new AppProof(config, Instant::now))
        .check(faults);
    return faults.all();
  }

  @Test
  void start_refusesADoorThatCouldNotCheckProofs() {
    assertThat(faults(Map.of("gateway.door.enabled", "true")))
        .singleElement()
        .asString()
        .startsWith("gateway.door.enabled needs gateway.app.secret");
    assertThat(faults(Map.of("gateway.door.enabled", "true", "gateway.app.secret", "s"))).isEmpty();
    assertThat(faults(Map.of())).isEmpty();
  }

  @Test
  void start_refusesWhatNobodyCanUse() {
    assertThat(
            faults(
                Map.of(
                    "gateway.door.wait", "PT0S",
                    "gateway.door.roles", "convert,admin",
                    "gateway.door.ids-per-minute", "0")))
        .hasSize(3);
  }
}
