package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatorConfigTest {

  @Test
  void simulator_isOff_whenNothingIsSaid() {
    SimulatorConfig config = config(Map.of());

    assertThat(config.enabled()).isFalse();
    assertThat(config.pages()).isEmpty();
  }

  @Test
  void devProfile_hasTwoPagesAndEveryFate() throws Exception {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withProfile("dev")
            .withSources(
                new PropertiesConfigSource(
                    getClass().getClassLoader().getResource("application.properties")))
            .withMapping(SimulatorConfig.class);

    SimulatorConfig config = builder.build().getConfigMapping(SimulatorConfig.class);

    assertThat(config.enabled()).isTrue();
    assertThat(config.port()).isEqualTo(8090);
    SimulatorScript.Settings settings = config.script().settings();
    assertThat(settings.pages)
        .containsOnly(Map.entry(100L, "dev-page-token-100"), Map.entry(200L, "dev-page-token-200"));
    assertThat(settings.appSecret).isEqualTo("dev-app-secret");
    assertThat(settings.invalidSuffixes).containsExactly("000");
    assertThat(settings.unmappedSuffixes).containsExactly("404");
    assertThat(settings.partialSuffixes).containsExactly("206");
    assertThat(settings.appId).isEqualTo("1");
  }

  @Test
  void script_takesLimitsAndLatency_fromTheConfiguration() {
    SimulatorScript.Settings settings =
        config(
                Map.of(
                    "simulator.quota", "1000",
                    "simulator.rate-calls", "10",
                    "simulator.rate-per", "PT1M",
                    "simulator.latency", "PT0.3S",
                    "simulator.invalid-suffixes", ""))
            .script()
            .settings();

    assertThat(settings.quota).isEqualTo(1000);
    assertThat(settings.rateCalls).isEqualTo(10);
    assertThat(settings.ratePerMs).isEqualTo(60_000);
    assertThat(settings.faults).containsExactly(SimulatedGraph.Fault.slow(300));
    assertThat(settings.invalidSuffixes).isEmpty();
  }

  @Test
  void starter_listensUntilStopped() throws Exception {
    Vertx vertx = Vertx.vertx();
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Map<String, String> keys =
        Map.of("simulator.enabled", "true", "simulator.port", Integer.toString(port));
    SimulatorStarter starter =
        new SimulatorStarter(config(keys), vertx, InstantSource.fixed(GraphClient.START));
    URI witness = URI.create("http://127.0.0.1:" + port + "/simulator/witness");
    HttpRequest request = HttpRequest.newBuilder(witness).build();
    try {
      starter.start(new StartupEvent());
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);

      starter.stop();
      assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString()))
          .isInstanceOf(ConnectException.class);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void production_refusesToStart_withTheSimulator() {
    assertThatThrownBy(() -> ProductionRefusal.check(true, LaunchMode.NORMAL, true))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("simulator.enabled");
    assertThatCode(() -> ProductionRefusal.check(false, LaunchMode.NORMAL, true))
        .doesNotThrowAnyException();
    assertThatCode(() -> ProductionRefusal.check(true, LaunchMode.NORMAL, false))
        .doesNotThrowAnyException();
    assertThatCode(() -> ProductionRefusal.check(true, LaunchMode.DEVELOPMENT, false))
        .doesNotThrowAnyException();
  }

  private static SimulatorConfig config(Map<String, String> keys) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(new HashMap<>(keys), "test", 100))
        .withMapping(SimulatorConfig.class)
        .build()
        .getConfigMapping(SimulatorConfig.class);
  }
}
