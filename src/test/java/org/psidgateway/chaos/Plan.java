package org.psidgateway.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.testing.Pod;

/** How many pods, how fast they may call, and what they are started with besides. */
record Plan(
    int pods, int paceCalls, Duration pacePer, Map<String, String> settings, List<Path> jars) {

  /** Two pods in a hurry: time-outs and delays as short as they can be, 20 calls per second. */
  static Plan usual() {
    return new Plan(2, 100, Duration.ofSeconds(5), Map.of(), List.of());
  }

  Plan with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new Plan(pods, paceCalls, pacePer, more, jars);
  }

  Plan withPods(int count) {
    return new Plan(count, paceCalls, pacePer, settings, jars);
  }

  Plan withPace(int calls, Duration per) {
    return new Plan(pods, calls, per, settings, jars);
  }

  /** Packages other than the one just built, one per pod. */
  Plan withJars(List<Path> packages) {
    return new Plan(pods, paceCalls, pacePer, settings, packages);
  }

  Pod.Settings apply(Pod.Settings pod, int number) {
    pod.with("gateway.upstream.timeout", "PT1S")
        .with("gateway.uncertain.delay", "PT0.5S")
        .with("gateway.quota.uncertain-cap", "1")
        .with("gateway.cooldown.initial", "PT1S")
        .with("gateway.breaker.delay", "PT2S")
        .with("gateway.pace.calls", Integer.toString(paceCalls))
        .with("gateway.pace.per", pacePer.toString());
    settings.forEach(pod::with);
    if (!jars.isEmpty()) {
      pod.withJar(jars.get(number));
    }
    return pod;
  }
}
