package org.psidgateway.api.migration;

import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Uploads.Receipt;

/** One migration as an answer. */
final class MigrationAnswer {
  /** Revalidated each time: it may change at any moment. */
  static final String REVALIDATE = "private, no-cache";

  private MigrationAnswer() {}

  /** The migration that a path names. Throws the problem of a malformed one. */
  static MigrationId id(String pathSegment) {
    return MigrationId.parse(pathSegment)
        .orElseThrow(() -> Problem.parameter("id", "is not the id of a migration"));
  }

  static ResponseBuilder<Buffer> with(Migration migration) {
    return tagged(
        ResponseBuilder.ok(MigrationJson.one(migration), MediaType.APPLICATION_JSON_TYPE),
        migration);
  }

  static ResponseBuilder<Buffer> notModified(Migration migration) {
    return tagged(ResponseBuilder.create(Status.NOT_MODIFIED), migration);
  }

  private static ResponseBuilder<Buffer> tagged(
      ResponseBuilder<Buffer> response, Migration migration) {
    return response
        .header(HttpHeaders.ETAG, MigrationTag.of(migration).text())
        .header(HttpHeaders.CACHE_CONTROL, REVALIDATE);
  }

  /** Of a request that makes one: accepted, or a replay. */
  static RestResponse<Buffer> made(Receipt receipt, URI base) {
    ResponseBuilder<Buffer> response =
        with(receipt.migration())
            .header(
                HttpHeaders.LOCATION, base.resolve("v1/migrations/" + receipt.migration().id()));
    return receipt.replayed()
        ? response.header("Idempotency-Replayed", "true").build()
        : response.status(Status.ACCEPTED).header(HttpHeaders.RETRY_AFTER, "1").build();
  }
}
