package org.psidgateway.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.testing.Pod;

/** Which upstream how many pods call, how fast they may, and what they are started with besides. */
record Plan(
    UpstreamKind upstream,
    int pods,
    int paceCalls,
    Duration pacePer,
    Map<String, String> settings,
    List<Path> jars) {

  /** Two pods in a hurry: time-outs and delays as short as they can be, 20 calls per second. */
  static Plan usual() {
    return new Plan(
        UpstreamKind.PAGES_ID_MAPPING, 2, 100, Duration.ofSeconds(5), Map.of(), List.of());
  }

  /** The same for ID Matching, with 200 operations per second. */
  static Plan matching() {
    return new Plan(UpstreamKind.ID_MATCHING, 2, 1_000, Duration.ofSeconds(5), Map.of(), List.of());
  }

  /** Whether one question about an id tells its PSIDs on all Pages. */
  boolean isMatching() {
    return upstream == UpstreamKind.ID_MATCHING;
  }

  /** The most ids that a call carries. */
  int batchSize() {
    return isMatching() ? 50 : 200;
  }

  Plan with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new Plan(upstream, pods, paceCalls, pacePer, more, jars);
  }

  Plan withPods(int count) {
    return new Plan(upstream, count, paceCalls, pacePer, settings, jars);
  }

  Plan withPace(int calls, Duration per) {
    return new Plan(upstream, pods, calls, per, settings, jars);
  }

  /** Packages other than the one just built, one per pod. */
  Plan withJars(List<Path> packages) {
    return new Plan(upstream, pods, paceCalls, pacePer, settings, packages);
  }

  Pod.Settings apply(Pod.Settings pod, int number) {
    pod.with("gateway.upstream.timeout", "PT1S")
        .with("gateway.uncertain.delay", "PT0.5S")
        .with("gateway.quota.uncertain-cap", "1")
        .with("gateway.cooldown.initial", "PT1S")
        .with("gateway.breaker.delay", "PT2S")
        .with("gateway.pace.calls", Integer.toString(paceCalls))
        .with("gateway.pace.per", pacePer.toString());
    if (isMatching()) {
      pod.with("gateway.upstream.kind", "id-matching");
    }
    settings.forEach(pod::with);
    if (!jars.isEmpty()) {
      pod.withJar(jars.get(number));
    }
    return pod;
  }
}
