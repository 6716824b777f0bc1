package org.psidgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The OpenAPI document as it is written, asked what it says of a call. */
final class OpenApiDocument {
  static final OpenApiDocument WRITTEN = new OpenApiDocument();

  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final SchemaValidatorsConfig WITH_FORMATS =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonNode root;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

  private OpenApiDocument() {
    try {
      root = new YAMLMapper().readTree(getClass().getResource("/META-INF/openapi.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    close(root.path("components").path("schemas"));
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(new Operation(method.getKey(), path.getKey(), method.getValue()));
      }
    }
    // The path that has the most segments in words comes first.
    operations.sort(Comparator.comparingInt(Operation::variables));
  }

  /** Callers may meet new fields; tests may not: what is answered has to be documented. */
  private static void close(JsonNode schema) {
    if (schema.has("properties") && !schema.has("additionalProperties")) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
    schema.forEach(OpenApiDocument::close);
  }

  /** One call of the gateway. */
  record Operation(String method, String path, JsonNode node) {
    String id() {
      return node.path("operationId").asText();
    }

    private int variables() {
      return path.split("\\{", -1).length - 1;
    }

    private boolean isAt(String requested) {
      return Pattern.matches(path.replaceAll("\\{[^}]*}", "[^/]+"), requested);
    }

    Set<String> statuses() {
      Set<String> statuses = new java.util.TreeSet<>();
      node.path("responses").fieldNames().forEachRemaining(statuses::add);
      return statuses;
    }
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** The operation of a request; empty if the path, or the method there, is none of ours. */
  Optional<Operation> operation(String method, String path) {
    Optional<Operation> first = operations.stream().filter(one -> one.isAt(path)).findFirst();
    return operations.stream()
        .filter(one -> first.isPresent() && one.path().equals(first.get().path()))
        .filter(one -> one.method().equals(method.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** What is wrong with a body, by its schema. */
  Set<ValidationMessage> faults(JsonNode schema, String body) {
    return schemas.computeIfAbsent(schema, this::compiled).validate(body, InputFormat.JSON);
  }

  private JsonSchema compiled(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", root.path("components"));
    return SCHEMAS.getSchema(whole, WITH_FORMATS);
  }
}
