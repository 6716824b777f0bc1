package org.psidgateway.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.psidgateway.api.Http.problem;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The {@code type} of a problem leads somewhere. */
@QuarkusTest
class ExplanationTest {
  @ParameterizedTest
  @EnumSource
  void type_isExplained_toPeopleAndPrograms(ProblemType type) {
    Explanation explanation =
        given()
            .accept("application/json")
            .get(type.uri())
            .then()
            .statusCode(200)
            .contentType("application/json")
            .body("type", is(type.uri()))
            .body("title", is(type.title()))
            .body("status", is(type.status()))
            .extract()
            .as(Explanation.class);
    assertThat(explanation.meaning()).matches("[A-Z](?s:.){30,}\\.");
    assertThat(explanation.whatToDo()).matches("[A-Z](?s:.){30,}\\.");
    assertThat(explanation.retry())
        .isEqualTo(type.status() == 429 || type.status() >= 500 || type == ProblemType.IN_PROGRESS);

    given()
        .accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .get(type.uri())
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body("html.head.title", is(type.title()))
        .body(containsString(type.uri()));
  }

  @Test
  void unknownType_isNotFound() {
    problem(given().accept("text/html").get("/problems/none").then(), 404, "not-found");
    problem(given().get("/problems").then(), 404, "not-found");
  }
}
