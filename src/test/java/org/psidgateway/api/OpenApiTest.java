package org.psidgateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.problem.EnabledBy;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.simulator.SimulatedGraph;

/** The document is written by hand: these keep it true and whole. */
@QuarkusTest
class OpenApiTest {
  private final BeanManager beans;
  private JsonNode document;

  OpenApiTest(BeanManager beans) {
    this.beans = beans;
  }

  @BeforeEach
  void read() throws Exception {
    String json = given().accept("application/json").get("/q/openapi?format=json").asString();
    document = new ObjectMapper().readTree(json);
  }

  @Test
  void document_namesExactlyTheOperationsThatExist() {
    Set<String> documented = new TreeSet<>();
    operations((name, operation) -> documented.add(name));
    assertThat(documented).isEqualTo(implemented());
  }

  private Set<String> implemented() {
    Set<String> all = new TreeSet<>();
    beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
        .map(bean -> bean.getBeanClass())
        .filter(type -> type.isAnnotationPresent(Path.class))
        .filter(type -> type.getPackageName().startsWith("org.psidgateway.api."))
        .filter(type -> !type.isAnnotationPresent(EnabledBy.class)) // off, and Graph's to describe
        .forEach(
            type -> {
              for (Method method : type.getMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                  HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
                  Path path = method.getAnnotation(Path.class);
                  if (http != null) {
                    all.add(
                        http.value().toLowerCase(Locale.ROOT)
                            + " "
                            + type.getAnnotation(Path.class).value()
                            + (path == null ? "" : path.value()));
                  }
                }
              }
            });
    return all;
  }

  @Test
  void everyOperation_isDescribedWithExamplesAndProblems() {
    operations(
        (name, operation) -> {
          for (String field : new String[] {"operationId", "summary", "description"}) {
            assertThat(operation.path(field).asText()).as(name + " " + field).isNotEmpty();
          }
          assertThat(operation.path("tags")).as(name).isNotEmpty();
          operation
              .path("requestBody")
              .path("content")
              .forEach(content -> hasExample(name, content));
          operation
              .path("responses")
              .properties()
              .forEach(
                  response ->
                      check(
                          name + " " + response.getKey(),
                          response.getKey(),
                          resolved(response.getValue())));
          boolean open = operation.has("security"); // to everybody, and it asks nobody
          for (String status : new String[] {"401", "403"}) {
            assertThat(operation.path("responses").has(status)).as(name).isNotEqualTo(open);
          }
          operation
              .path("parameters")
              .forEach(
                  parameter ->
                      assertThat(resolved(parameter).path("schema")).as(name).isNotEmpty());
        });
  }

  private void check(String name, String status, JsonNode response) {
    assertThat(response.path("description").asText()).as(name).isNotEmpty();
    assertThat(response.path("headers").has("X-Request-Id")).as(name).isTrue();
    if (status.compareTo("400") >= 0) {
      JsonNode example = response.path("content").path("application/problem+json").path("example");
      assertThat(example.path("type").asText()).as(name).startsWith("/problems/");
      assertThat(example.path("status").asText()).as(name).isEqualTo(status);
    } else {
      response.path("content").forEach(content -> hasExample(name, content));
    }
  }

  private static void hasExample(String name, JsonNode content) {
    assertThat(content.path("schema")).as(name).isNotEmpty();
    assertThat(content.path("examples")).as(name).isNotEmpty();
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode found = node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    assertThat(found.isMissingNode()).as(node.toString()).isFalse();
    return found;
  }

  private void operations(BiConsumer<String, JsonNode> each) {
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            each.accept(
                                operation.getKey() + " " + path.getKey(), operation.getValue())));
  }

  @Test
  void problems_areAllDocumented() {
    Set<String> documented = new TreeSet<>();
    document
        .path("components")
        .path("responses")
        .findValues("type")
        .forEach(type -> documented.add(type.asText()));
    for (ProblemType type : ProblemType.values()) {
      Set<ProblemType> ofNoOperation =
          Set.of(ProblemType.NOT_FOUND, ProblemType.METHOD_NOT_ALLOWED, ProblemType.OTHER);
      if (!ofNoOperation.contains(type)) {
        assertThat(documented).contains(type.uri());
      }
    }
  }

  @Test
  void authorizeButton_isThere() {
    assertThat(document.at("/components/securitySchemes/api_key/scheme").asText())
        .isEqualTo("bearer");
    assertThat(document.path("security")).isNotEmpty();
  }

  @Test
  void swaggerUi_offersBothRenderings_andFindsThem() {
    String page = given().get("/q/swagger-ui/").then().statusCode(200).extract().asString();
    Map<String, String> offered = new TreeMap<>();
    Matcher each = Pattern.compile("url: [\"']([^\"']+)[\"'], name: [\"']([^\"']+)").matcher(page);
    while (each.find()) {
      offered.put(each.group(2), each.group(1));
    }
    assertThat(offered).as(page).containsOnlyKeys("OpenAPI 3.0", "OpenAPI 3.1");
    offered.values().forEach(url -> given().get(url).then().statusCode(200));
  }

  @Test
  void documentsServed_haveTheVersionOfTheProgram() {
    String program =
        ConfigProvider.getConfig().getValue("quarkus.application.version", String.class);
    given()
        .get("/q/openapi?format=json")
        .then()
        .body("openapi", startsWith("3.1."))
        .body("info.version", is(program));
    given()
        .get("/q/openapi-3.0?format=json")
        .then()
        .body("openapi", startsWith("3.0."))
        .body("info.version", is(program))
        .body("paths.keySet()", hasSize(document.path("paths").size()));
  }

  @Test
  void prefilledExamples_areWhatDevHasAlready() throws Exception {
    Properties dev = new Properties();
    try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
      dev.load(file);
    }
    String page = "%dev.gateway.pages.\"100\".";
    assertThat(prefilled("/v1/pages/{page_id}/token", "put").path("access_token").asText())
        .isEqualTo(dev.getProperty(page + "token"));
    JsonNode change = prefilled("/v1/pages/{page_id}", "put");
    assertThat(change.path("name").asText()).isEqualTo(dev.getProperty(page + "name"));
    assertThat(change).hasSize(1);
    String asid = parameter("/v1/pages/{page_id}/mappings/{asid}", "asid");
    assertThat(parameter("/v1/pages/{page_id}/mappings", "psid"))
        .isEqualTo(Long.toString(SimulatedGraph.psidOf(100, Long.parseLong(asid))));
  }

  @Test
  void prefilledReconciliation_changesNothing() {
    String before = Http.as("dev").get("/v1/quota").asString();
    Http.as("dev")
        .body(prefilled("/v1/quota/reconciliations", "post").toString())
        .post("/v1/quota/reconciliations")
        .then()
        .statusCode(201);
    assertThat(Http.as("dev").get("/v1/quota").asString()).isEqualTo(before);
  }

  /** The first example: Swagger UI sends it at the press of a button. */
  private JsonNode prefilled(String path, String method) {
    return document
        .path("paths")
        .path(path)
        .path(method)
        .path("requestBody")
        .findPath("examples")
        .elements()
        .next()
        .path("value");
  }

  private String parameter(String path, String name) {
    for (JsonNode parameter : document.path("paths").path(path).path("get").path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return parameter.path("example").asText();
      }
    }
    return "";
  }
}
