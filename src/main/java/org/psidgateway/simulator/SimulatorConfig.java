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
  /** Also read by the build, which leaves the simulator out if this is false. */
  @WithDefault("false")
  boolean enabled();

  @WithDefault("127.0.0.1")
  String host();

  @WithDefault("8090")
  int port();

  /** Only for ID Matching, whose token is {@code app-id|app-secret}. */
  @WithDefault("1")
  String appId();

  /** If absent, no proof is required. */
  Optional<String> appSecret();

  /** Access tokens by Page id. */
  Map<Long, String> pages();

  /** Ids with these endings are refused as invalid. */
  @WithDefault("000")
  Optional<List<String>> invalidSuffixes();

  /** Ids with these endings are left out of the answers. */
  @WithDefault("404")
  Optional<List<String>> unmappedSuffixes();

  /** Ids with these endings have a PSID on about half of the Pages. */
  @WithDefault("206")
  Optional<List<String>> partialSuffixes();

  /** How long every answer is delayed. */
  @WithDefault("PT0S")
  Duration latency();

  /** How many PSIDs it returns until it is restarted. Unlimited if absent. */
  OptionalLong quota();

  /** Calls allowed in any period of {@link #ratePer}. Unlimited if absent. */
  OptionalInt rateCalls();

  @WithDefault("PT1H")
  Duration ratePer();

  default SimulatorScript script() {
    SimulatorScript script = new SimulatorScript(appSecret().orElse(""));
    script.change(
        settings -> {
          settings.appId = appId();
          settings.pages.putAll(pages());
          settings.invalidSuffixes.addAll(invalidSuffixes().orElse(List.of()));
          settings.unmappedSuffixes.addAll(unmappedSuffixes().orElse(List.of()));
          settings.partialSuffixes.addAll(partialSuffixes().orElse(List.of()));
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
