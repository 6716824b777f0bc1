package org.psidgateway.simulator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The simulator that starts beside the gateway on a laptop. */
@ConfigMapping(prefix = "simulator")
interface SimulatorConfig {
  /** Read while building too: without it, the build leaves the simulator out. */
  @WithDefault("false")
  boolean enabled();

  @WithDefault("127.0.0.1")
  String host();

  @WithDefault("8090")
  int port();

  /** Without it, no proof is asked for. */
  Optional<String> appSecret();

  /** Page id to its access token. */
  Map<Long, String> pages();

  /** Ids that end so are refused as invalid. */
  @WithDefault("000")
  Optional<List<String>> invalidSuffixes();

  /** Ids that end so are left out of the answers. */
  @WithDefault("404")
  Optional<List<String>> unmappedSuffixes();

  /** How late every answer comes. */
  @WithDefault("PT0S")
  Duration latency();

  /** PSIDs it gives until it is started anew. */
  OptionalLong quota();

  /** Calls in any {@link #ratePer}. */
  OptionalInt rateCalls();

  @WithDefault("PT1H")
  Duration ratePer();

  default SimulatorScript script() {
    SimulatorScript script = new SimulatorScript(appSecret().orElse(""));
    script.change(
        settings -> {
          settings.pages.putAll(pages());
          settings.invalidSuffixes.addAll(invalidSuffixes().orElse(List.of()));
          settings.unmappedSuffixes.addAll(unmappedSuffixes().orElse(List.of()));
          quota().ifPresent(psids -> settings.quota = psids);
          rateCalls().ifPresent(calls -> settings.rateCalls = calls);
          settings.ratePerMs = ratePer().toMillis();
          if (!latency().isZero()) {
            settings.faults.add(SimulatedGraph.Fault.slow(latency().toMillis()));
          }
        });
    return script;
  }
}
