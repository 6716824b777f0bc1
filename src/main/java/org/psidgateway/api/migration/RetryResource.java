package org.psidgateway.api.migration;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.admin.StrictJson;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.transfer.Upload;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.migration.Uploads;
import org.psidgateway.migration.list.View;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** What an ended migration has left undone becomes a new one. */
@Path("/v1/migrations/{id}/retry")
@Authenticated
class RetryResource {
  private static final Set<View> UNDONE = EnumSet.of(View.FAILED, View.NOT_ATTEMPTED);

  private final Access access;
  private final StoreCalls store;
  private final Migrations migrations;
  private final Uploads uploads;
  private final StrictJson json;

  RetryResource(
      Access access, StoreCalls store, Migrations migrations, Uploads uploads, StrictJson json) {
    this.access = access;
    this.store = store;
    this.migrations = migrations;
    this.uploads = uploads;
    this.json = json;
  }

  @POST
  @Produces(MediaType.APPLICATION_JSON)
  @Blocking // a long list takes a while to copy
  public RestResponse<Buffer> retry(
      @RestPath String id,
      @RestQuery @Nullable String view,
      InputStream body,
      @Context HttpHeaders headers,
      @Context UriInfo uris)
      throws Exception {
    json.readNothing(body);
    MigrationId wanted = MigrationAnswer.id(id);
    Set<View> views = view == null ? UNDONE : views(view);
    String key = IdempotencyKey.parse(headers.getRequestHeader(IdempotencyKey.HEADER));
    access.require(Role.MIGRATE);
    Migration parent =
        store
            .read(() -> migrations.find(wanted).orElseThrow(Problem::unknownMigration))
            .await()
            .indefinitely();
    try {
      return MigrationAnswer.made(
          uploads.retry(parent, views, access.callerName(), key), uris.getBaseUri());
    } catch (SQLException e) {
      throw Upload.failed(e);
    }
  }

  private static Set<View> views(String text) {
    Set<View> views = EnumSet.noneOf(View.class);
    for (String name : text.split(",", -1)) {
      views.add(
          View.of(name)
              .filter(UNDONE::contains)
              .orElseThrow(() -> Problem.parameter("view", "must be of failed, not_attempted")));
    }
    return views;
  }
}
