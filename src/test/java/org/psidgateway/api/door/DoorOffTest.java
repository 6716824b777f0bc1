package org.psidgateway.api.door;

import static io.restassured.RestAssured.given;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.api.Http;

/** Unless it is enabled, there is nothing at its paths. */
@QuarkusTest
class DoorOffTest {

  @ParameterizedTest
  @CsvSource({
    "POST,/pages_id_mapping",
    "POST,/v6.0/pages_id_mapping",
    "POST,/pages_id_mapping/",
    "GET,/pages_id_mapping",
    "OPTIONS,/v6.0/pages_id_mapping",
    "DELETE,/v6.0/pages_id_mapping",
    "POST,/v6/pages_id_mapping",
    "GET,/me/pages_id_mapping"
  })
  void paths_areNotFound(String method, String path) {
    Http.problem(
        given()
            .header("Accept", "image/png")
            .formParam("access_token", "any")
            .formParam("user_ids", "1")
            .request(method, path)
            .then(),
        404,
        "not-found");
  }
}
