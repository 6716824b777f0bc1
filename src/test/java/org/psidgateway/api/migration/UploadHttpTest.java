package org.psidgateway.api.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.api.Http.as;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.model.Sha256;
import org.psidgateway.testing.Migrator;
import org.psidgateway.testing.Sql;

/** Lists on their way in, over HTTP. */
@QuarkusTest
class UploadHttpTest {
  private static final String PAGE = "/v1/pages/7400";
  private static final String UPLOAD = PAGE + "/migrations?confirm=true";

  private final Sql sql;

  @TestHTTPResource URI server;

  UploadHttpTest(AgroalDataSource database) {
    this.sql = new Sql(database);
  }

  @BeforeEach
  void registerPage() {
    as("dev").body("{}").put(PAGE);
  }

  @AfterEach
  void forget() {
    sql.execute(
        "delete from migration_key where page_id = 7400",
        "update list set until = now() where no in (select list_no from migration where page_id = 7400)",
        "delete from migration where page_id = 7400");
  }

  // A client that writes its whole body before it reads must not wait for ever.
  @Test
  void repetitionWithItsDigest_isAnswered_toAClientThatIsStillWriting() throws IOException {
    byte[] list = Migrator.list(5_000_000_000_000L, 400_000).getBytes(StandardCharsets.US_ASCII);
    Response first =
        as("dev")
            .contentType("text/plain")
            .header("Idempotency-Key", "big")
            .body(list)
            .post(UPLOAD);
    assertThat(first.statusCode()).as(first.asString()).isEqualTo(202);

    String digest =
        "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.digest().digest(list)) + ":";
    String answer = written(list, digest);

    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("idempotency-replayed: true");
    assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(3); // the connection goes on
  }

  /** All at once, and another request behind it. */
  private String written(byte[] list, String digest) throws IOException {
    String head =
        """
        POST %s HTTP/1.1
        Host: localhost
        Authorization: Bearer dev
        Content-Type: text/plain
        Idempotency-Key: big
        Repr-Digest: %s
        Content-Length: %d

        """;
    String next =
        """
        GET /v1/window HTTP/1.1
        Host: localhost
        Authorization: Bearer dev
        Connection: close

        """;
    return Http.raw(
        server,
        head.formatted(UPLOAD, digest, list.length).replace("\n", "\r\n")
            + new String(list, StandardCharsets.US_ASCII)
            + next.replace("\n", "\r\n"));
  }
}
