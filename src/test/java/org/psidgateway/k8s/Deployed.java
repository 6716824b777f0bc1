package org.psidgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an overlay deploys to a cluster: its resources and those it builds on, and the variables of
 * its config maps and secrets by their names. Patches, images and namespaces are not applied.
 */
final class Deployed {
  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
          Map.entry("external-secrets.io/v1/ExternalSecret", ExternalSecret.class),
          Map.entry("kustomize.config.k8s.io/v1beta1/Kustomization", Kustomization.class),
          Map.entry("kustomize.config.k8s.io/v1alpha1/Component", Kustomization.class));

  private final List<Object> resources = new ArrayList<>();
  final Map<String, Map<String, String>> configMaps = new HashMap<>();
  final Map<String, Map<String, String>> secrets = new HashMap<>();

  static Deployed by(Path directory) {
    Deployed deployed = new Deployed();
    deployed.add(directory);
    deployed
        .all(ExternalSecret.class)
        .forEach(
            secret ->
                secret
                    .spec()
                    .data()
                    .forEach(
                        entry ->
                            deployed
                                .secrets
                                .computeIfAbsent(
                                    secret.spec().target().name(), name -> new HashMap<>())
                                .put(entry.secretKey(), "out of a vault")));
    return deployed;
  }

  <T> List<T> all(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * The documents of a file in their types.
   *
   * @throws IOException naming the field that is wrong
   */
  static List<Object> read(List<JsonNode> documents) throws IOException {
    List<Object> objects = new ArrayList<>();
    for (JsonNode document : documents) {
      String type = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
      if (!TYPES.containsKey(type)) {
        throw new IOException(type + " is not known here");
      }
      objects.add(StrictYaml.as(TYPES.get(type), document));
    }
    return objects;
  }

  private void add(Path directory) {
    Kustomization.below(directory).forEach(this::add);
    Kustomization here = Kustomization.in(directory);
    for (String resource : here.resources()) {
      Path file = directory.resolve(resource);
      if (Files.isRegularFile(file)) { // a missing one is reported by a test of its own
        try {
          resources.addAll(read(StrictYaml.documents(file)));
        } catch (IOException e) {
          throw new UncheckedIOException(file.toString(), e);
        }
      }
    }
    generate(directory, here.configMapGenerator(), configMaps);
    generate(directory, here.secretGenerator(), secrets);
  }

  private static void generate(
      Path directory,
      List<Kustomization.Generator> generators,
      Map<String, Map<String, String>> generated) {
    for (Kustomization.Generator generator : generators) {
      Map<String, String> values =
          generated.computeIfAbsent(generator.name(), name -> new HashMap<>());
      for (String file : generator.envs()) {
        variables(directory.resolve(file))
            .forEach(line -> values.put(line[0], line.length == 2 ? line[1] : ""));
      }
    }
  }

  static Stream<String[]> variables(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("=", 2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
