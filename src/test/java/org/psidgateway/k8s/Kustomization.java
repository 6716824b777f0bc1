package org.psidgateway.k8s;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** As much of kustomize as is used here. */
record Kustomization(
    String apiVersion,
    String kind,
    String namespace,
    List<String> resources,
    List<String> components,
    List<Patch> patches,
    List<Generator> configMapGenerator,
    List<Generator> secretGenerator,
    List<Image> images,
    List<Replacement> replacements) {

  static final String FILE = "kustomization.yaml";

  record Patch(String path) {}

  record Generator(
      String name, String behavior, List<String> envs, List<String> files, Options options) {
    Generator {
      envs = requireNonNullElse(envs, List.of());
      files = requireNonNullElse(files, List.of());
    }

    Stream<String> sources() {
      return Stream.concat(envs.stream(), files.stream());
    }
  }

  record Options(boolean disableNameSuffixHash, Map<String, String> labels) {}

  record Image(String name, String newName, String newTag) {}

  record Replacement(Source source, List<Target> targets) {}

  record Source(String kind, String name, String fieldPath) {}

  record Target(Select select, List<String> fieldPaths, TargetOptions options) {}

  record Select(String kind) {}

  record TargetOptions(boolean create, String delimiter) {}

  Kustomization {
    resources = requireNonNullElse(resources, List.of());
    components = requireNonNullElse(components, List.of());
    patches = requireNonNullElse(patches, List.of());
    configMapGenerator = requireNonNullElse(configMapGenerator, List.of());
    secretGenerator = requireNonNullElse(secretGenerator, List.of());
    images = requireNonNullElse(images, List.of());
    replacements = requireNonNullElse(replacements, List.of());
  }

  static Kustomization in(Path directory) {
    List<JsonNode> documents = StrictYaml.documents(directory.resolve(FILE));
    try {
      return StrictYaml.as(Kustomization.class, documents.get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(directory.toString(), e);
    }
  }

  /** What is built before it: other directories. */
  static List<Path> below(Path directory) {
    Kustomization here = in(directory);
    return Stream.concat(here.resources().stream(), here.components().stream())
        .map(path -> directory.resolve(path).normalize())
        .filter(Files::isDirectory)
        .toList();
  }

  /** Every file that it names, manifests and others, whether it is there or not. */
  static List<Path> files(Path directory) {
    Kustomization here = in(directory);
    return Stream.of(
            here.resources().stream(),
            here.components().stream(),
            here.patches().stream().map(Patch::path),
            here.configMapGenerator().stream().flatMap(Generator::sources),
            here.secretGenerator().stream().flatMap(Generator::sources))
        .flatMap(names -> names)
        .map(name -> directory.resolve(name).normalize())
        .filter(path -> !Files.isDirectory(path))
        .toList();
  }
}
