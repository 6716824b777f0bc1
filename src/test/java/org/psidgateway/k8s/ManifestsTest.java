package org.psidgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.ops.Environment;

/** The manifests under k8s, read as a cluster would read them, only stricter. */
class ManifestsTest {
  private static final Path K8S = Path.of("k8s");
  private static final Path DEPLOYMENT = K8S.resolve("base/deployment.yaml");

  /** What draining may take: see "Going down" in application.properties. */
  private static final Duration LONGEST_MIGRATION = Duration.ofMinutes(15);

  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** PostgreSQL's default max_connections, less those it reserves for superusers. */
  private static final int CONNECTIONS = 97;

  /** The framework's variables that docs/operating.md speaks of. */
  private static final Set<String> FRAMEWORK =
      Set.of(
          "QUARKUS_DATASOURCE_JDBC_URL",
          "QUARKUS_DATASOURCE_USERNAME",
          "QUARKUS_DATASOURCE_PASSWORD",
          "QUARKUS_REDIS_HOSTS",
          "QUARKUS_REDIS_PASSWORD");

  private static final List<String> REQUIRED =
      List.of(
          "QUARKUS_DATASOURCE_JDBC_URL",
          "QUARKUS_DATASOURCE_USERNAME",
          "QUARKUS_DATASOURCE_PASSWORD",
          "GATEWAY_APP_ID",
          "GATEWAY_APP_SECRET",
          "GATEWAY_SECRETS_KEY");

  static Stream<Path> overlays() {
    return directories().filter(directory -> directory.startsWith(K8S.resolve("overlays")));
  }

  static Stream<Path> manifests() {
    return files().filter(file -> file.toString().endsWith(".yaml"));
  }

  @Test
  void everyFile_isListedByAKustomization_andTheOtherWayRound() {
    Set<Path> listed =
        directories()
            .flatMap(directory -> Kustomization.files(directory).stream())
            .collect(Collectors.toSet());
    Set<Path> there =
        files().filter(file -> !file.endsWith(Kustomization.FILE)).collect(Collectors.toSet());
    assertThat(listed).isEqualTo(there);
  }

  @Test
  void everyDirectory_isPartOfAnOverlay() {
    Set<Path> built =
        overlays()
            .flatMap(overlay -> Stream.concat(Stream.of(overlay), below(overlay)))
            .collect(Collectors.toSet());
    assertThat(built).isEqualTo(directories().collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifest_hasOnlyFieldsThatItsKindHas(Path file) {
    assertThatCode(() -> Deployed.read(StrictYaml.documents(file))).doesNotThrowAnyException();
  }

  /** Mistakes that a reader passes over. */
  @ParameterizedTest
  @CsvSource({
    "enableServiceLinks, enableServiceLink",
    "terminationGracePeriodSeconds: 45, terminationGracePeriodSeconds: '\"45\"'",
    "readOnlyRootFilesystem, readOnlyRootFileSystem",
    "image: psid-gateway, image: 17",
    "periodSeconds: 10, path: 10",
    "failureThreshold: 1020, periodSeconds: 1020",
    "whenUnsatisfiable, whenUnsatisfied",
    "maxUnavailable, maxUnavailble",
    "apiVersion: apps/v1, apiVersion: apps/v2"
  })
  void mistake_isNoticed(String right, String wrong) throws IOException {
    String text = Files.readString(DEPLOYMENT);
    assertThat(text).contains(right);
    assertThatThrownBy(() -> Deployed.read(StrictYaml.documents(text.replace(right, wrong))))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void selectorsAndPorts_findTheirPods(Path overlay) {
    Deployed deployed = Deployed.by(overlay);
    List<Deployment> deployments = deployed.all(Deployment.class);
    for (Deployment deployment : deployments) {
      assertThat(selects(deployment.getSpec().getSelector(), deployment)).isTrue();
      podSpec(deployment)
          .getTopologySpreadConstraints()
          .forEach(spread -> assertThat(selects(spread.getLabelSelector(), deployment)).isTrue());
    }
    for (Service service : deployed.all(Service.class)) {
      Deployment target = one(deployments, service.getSpec().getSelector());
      for (ServicePort port : service.getSpec().getPorts()) {
        assertThat(portNames(target)).contains(port.getTargetPort().getStrVal());
      }
    }
    for (PodDisruptionBudget budget : deployed.all(PodDisruptionBudget.class)) {
      one(deployments, budget.getSpec().getSelector().getMatchLabels());
    }
    for (HorizontalPodAutoscaler scaler : deployed.all(HorizontalPodAutoscaler.class)) {
      var target = scaler.getSpec().getScaleTargetRef();
      assertThat(target.getApiVersion() + "/" + target.getKind()).isEqualTo("apps/v1/Deployment");
      assertThat(deployments)
          .filteredOn(deployment -> name(deployment).equals(target.getName()))
          .singleElement()
          .satisfies(deployment -> assertThat(deployment.getSpec().getReplicas()).isNull());
    }
    for (ServiceMonitor monitor : deployed.all(ServiceMonitor.class)) {
      Map<String, String> labels = monitor.getSpec().getSelector().getMatchLabels();
      assertThat(deployed.all(Service.class))
          .filteredOn(
              service ->
                  service.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
          .singleElement()
          .satisfies(
              service ->
                  assertThat(service.getSpec().getPorts())
                      .extracting(ServicePort::getName)
                      .contains(monitor.getSpec().getEndpoints().get(0).getPort()));
      assertThat(monitor.getSpec().getEndpoints())
          .allSatisfy(endpoint -> assertThat(endpoint.getPath()).isEqualTo("/q/metrics"));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void networkPolicies_concernOurPods_andPortsTheyHave(Path overlay) {
    Deployed deployed = Deployed.by(overlay);
    List<Deployment> deployments = deployed.all(Deployment.class);
    for (NetworkPolicy policy : deployed.all(NetworkPolicy.class)) {
      Deployment target = one(deployments, policy.getSpec().getPodSelector().getMatchLabels());
      policy.getSpec().getIngress().stream()
          .flatMap(rule -> rule.getPorts().stream())
          .forEach(port -> assertThat(portNames(target)).contains(port.getPort().getStrVal()));
      // Where the other end is deployed here, it listens there.
      policy
          .getSpec()
          .getEgress()
          .forEach(
              rule ->
                  rule.getTo().stream()
                      .filter(peer -> peer.getPodSelector() != null)
                      .flatMap(
                          peer ->
                              deployments.stream()
                                  .filter(other -> selects(peer.getPodSelector(), other)))
                      .forEach(
                          other ->
                              assertThat(portNumbers(other))
                                  .contains(rule.getPorts().get(0).getPort().getIntVal())));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void references_existUnderTheirNames(Path overlay) {
    Deployed deployed = Deployed.by(overlay);
    for (Deployment deployment : deployed.all(Deployment.class)) {
      PodSpec pod = podSpec(deployment);
      if (pod.getServiceAccountName() != null) {
        assertThat(deployed.all(ServiceAccount.class))
            .extracting(account -> account.getMetadata().getName())
            .contains(pod.getServiceAccountName());
      }
      for (Container container : pod.getContainers()) {
        container
            .getEnvFrom()
            .forEach(
                from -> {
                  if (from.getConfigMapRef() != null) {
                    assertThat(deployed.configMaps).containsKey(from.getConfigMapRef().getName());
                  } else {
                    assertThat(deployed.secrets).containsKey(from.getSecretRef().getName());
                  }
                });
        container.getEnv().stream()
            .filter(variable -> variable.getValueFrom() != null)
            .map(variable -> variable.getValueFrom().getSecretKeyRef())
            .forEach(
                key -> assertThat(deployed.secrets.get(key.getName())).containsKey(key.getKey()));
        assertThat(pod.getVolumes())
            .extracting(volume -> volume.getName())
            .containsAll(
                container.getVolumeMounts().stream().map(mount -> mount.getName()).toList());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void environmentOfTheGateway_isKnownToIt(Path overlay) {
    Map<String, String> environment = environment(Deployed.by(overlay));
    assertThat(environment).containsKeys(REQUIRED.toArray(String[]::new));
    assertThat(environment.keySet())
        .allSatisfy(
            name -> assertThat(name.startsWith("GATEWAY_") || FRAMEWORK.contains(name)).isTrue());
    assertThat(Environment.unknown(environment)).isEmpty();
    // A caller without roles, or the other way round, is refused at start.
    assertThat(callers(environment, "__KEY_SHA256"))
        .isNotEmpty()
        .isEqualTo(callers(environment, "__ROLES"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GATEWAY_PORT", "GATEWAY_SERVICE_HOST", "GATEWAY_CALLERS__CRM__ROLE"})
  void strangeVariable_isNoticed(String name) {
    assertThat(Environment.unknown(Map.of(name, "x"))).containsExactly(name);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void secrets_areNoSettings_andTheOtherWayRound(Path overlay) {
    Deployed deployed = Deployed.by(overlay);
    assertThat(deployed.configMaps.get("psid-gateway").keySet())
        .noneMatch(name -> name.matches(".*(SECRET|PASSWORD|TOKEN|KEY).*"));
    if (!overlay.endsWith("dev")) {
      assertThat(Kustomization.in(overlay).secretGenerator()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyPod_keepsTheRestrictedProfile(Path overlay) {
    for (Deployment deployment : Deployed.by(overlay).all(Deployment.class)) {
      PodSpec pod = podSpec(deployment);
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      assertThat(pod.getEnableServiceLinks()).isFalse();
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      for (Container container : pod.getContainers()) {
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop())
            .containsExactly("ALL");
        assertThat(container.getResources().getLimits()).containsKey("memory");
        assertThat(container.getResources().getRequests()).containsKeys("memory", "cpu");
      }
    }
  }

  @Test
  void gateway_isGivenTheTimeToStartAndToDrain_andNeverMissed() {
    Deployment gateway = gateway(Deployed.by(K8S.resolve("base")));
    PodSpec pod = podSpec(gateway);
    assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(DRAIN.toSeconds());
    assertThat(gateway.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable())
        .isEqualTo(new IntOrString(0));
    Container container = pod.getContainers().get(0);
    Probe startup = assertProbe(container.getStartupProbe(), "/q/health/started");
    Duration wait = Duration.parse(Environment.byDefault("gateway.start.wait"));
    assertThat(
            Duration.ofSeconds(startup.getPeriodSeconds())
                .multipliedBy(startup.getFailureThreshold()))
        .isGreaterThanOrEqualTo(wait.plus(LONGEST_MIGRATION));
    assertProbe(container.getLivenessProbe(), "/q/health/live");
    Probe readiness = assertProbe(container.getReadinessProbe(), "/q/health/ready");
    // Known to be unready before it stops serving.
    assertThat(readiness.getPeriodSeconds() * readiness.getFailureThreshold())
        .isLessThan((int) duration("quarkus.shutdown.delay").toSeconds());
    assertThat(portNumbers(gateway))
        .containsExactly(
            Integer.parseInt(properties().getProperty("quarkus.http.port")),
            Integer.parseInt(properties().getProperty("quarkus.management.port")));
    assertThat(container.getVolumeMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
  }

  @Test
  void allPodsTogether_haveConnectionsEnough() {
    Deployed deployed = Deployed.by(K8S.resolve("base"));
    int pods =
        deployed.all(HorizontalPodAutoscaler.class).get(0).getSpec().getMaxReplicas()
            + gateway(deployed)
                .getSpec()
                .getStrategy()
                .getRollingUpdate()
                .getMaxSurge()
                .getIntVal();
    int each = Integer.parseInt(properties().getProperty("quarkus.datasource.jdbc.max-size"));
    assertThat(pods * each).isLessThanOrEqualTo(CONNECTIONS);
  }

  private static Probe assertProbe(Probe probe, String path) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort()).isEqualTo(new IntOrString("management"));
    return probe;
  }

  private static Map<String, String> environment(Deployed deployed) {
    Map<String, String> environment = new HashMap<>();
    Container container = podSpec(gateway(deployed)).getContainers().get(0);
    container
        .getEnvFrom()
        .forEach(
            from ->
                environment.putAll(
                    from.getConfigMapRef() != null
                        ? deployed.configMaps.get(from.getConfigMapRef().getName())
                        : deployed.secrets.get(from.getSecretRef().getName())));
    container.getEnv().stream().map(EnvVar::getName).forEach(name -> environment.put(name, ""));
    return environment;
  }

  private static Set<String> callers(Map<String, String> environment, String suffix) {
    return environment.keySet().stream()
        .filter(name -> name.startsWith("GATEWAY_CALLERS__") && name.endsWith(suffix))
        .map(name -> name.substring(0, name.length() - suffix.length()))
        .collect(Collectors.toSet());
  }

  private static Deployment gateway(Deployed deployed) {
    return deployed.all(Deployment.class).stream()
        .filter(deployment -> name(deployment).equals("psid-gateway"))
        .findFirst()
        .orElseThrow();
  }

  private static String name(Deployment deployment) {
    return deployment.getMetadata().getName();
  }

  private static PodSpec podSpec(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec();
  }

  private static Deployment one(List<Deployment> deployments, Map<String, String> labels) {
    List<Deployment> found =
        deployments.stream().filter(deployment -> selects(labels, deployment)).toList();
    assertThat(found).as("deployments with " + labels).hasSize(1);
    return found.get(0);
  }

  private static boolean selects(LabelSelector selector, Deployment deployment) {
    return selects(selector.getMatchLabels(), deployment);
  }

  private static boolean selects(Map<String, String> labels, Deployment deployment) {
    return !labels.isEmpty()
        && deployment
            .getSpec()
            .getTemplate()
            .getMetadata()
            .getLabels()
            .entrySet()
            .containsAll(labels.entrySet());
  }

  private static List<String> portNames(Deployment deployment) {
    return ports(deployment).map(ContainerPort::getName).toList();
  }

  private static List<Integer> portNumbers(Deployment deployment) {
    return ports(deployment).map(ContainerPort::getContainerPort).toList();
  }

  private static Stream<ContainerPort> ports(Deployment deployment) {
    return podSpec(deployment).getContainers().stream()
        .flatMap(container -> container.getPorts().stream());
  }

  private static Stream<Path> directories() {
    return files().filter(file -> file.endsWith(Kustomization.FILE)).map(Path::getParent);
  }

  private static Stream<Path> below(Path directory) {
    return Kustomization.below(directory).stream()
        .flatMap(child -> Stream.concat(Stream.of(child), below(child)));
  }

  private static Stream<Path> files() {
    try (Stream<Path> files = Files.walk(K8S)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration duration(String key) {
    return Duration.parse("PT" + properties().getProperty(key));
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
