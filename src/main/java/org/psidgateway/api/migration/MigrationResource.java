package org.psidgateway.api.migration;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.admin.StrictJson;
import org.psidgateway.api.mapping.PreferWait;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.migration.Change;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** Migrations are looked at, steered and deleted. */
@Path("/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class MigrationResource {
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final Access access;
  private final StoreCalls store;
  private final Migrations migrations;
  private final Watch watch;
  private final StrictJson json;
  private final InstantSource clock;

  MigrationResource(
      Access access,
      StoreCalls store,
      Migrations migrations,
      Watch watch,
      StrictJson json,
      InstantSource clock) {
    this.access = access;
    this.store = store;
    this.migrations = migrations;
    this.watch = watch;
    this.json = json;
    this.clock = clock;
  }

  @GET
  public Uni<Buffer> list(@Context UriInfo uris) {
    Listing wanted = Listing.of(uris.getQueryParameters());
    access.require(Role.MIGRATE);
    // One more shows that there is a next page.
    return store
        .read(() -> migrations.list(wanted.filter(), wanted.before(), wanted.limit() + 1))
        .map(
            found ->
                MigrationJson.page(
                    found.subList(0, Math.min(wanted.limit(), found.size())), wanted.next(found)));
  }

  @GET
  @Path("/{id}")
  public Uni<RestResponse<Buffer>> get(@RestPath String id, @Context HttpServerRequest request) {
    MigrationId wanted = MigrationAnswer.id(id);
    PreferWait wait = PreferWait.of(request.headers().getAll("Prefer"));
    List<String> known = request.headers().getAll(HttpHeaders.IF_NONE_MATCH);
    access.require(Role.MIGRATE);
    return find(wanted)
        .chain(now -> wait.asked() ? later(wanted, now, wait, known) : Uni.createFrom().item(now))
        .map(found -> answer(found, wait, known));
  }

  /** The next one that the caller does not know, if it comes in time. */
  private Uni<Migration> later(MigrationId id, Migration now, PreferWait wait, List<String> known) {
    boolean news = !known.isEmpty() && !MigrationTag.of(now).isAmong(known);
    if (news || now.state().isEnd() || wait.seconds() == 0) {
      return Uni.createFrom().item(now);
    }
    return watch
        .changed(id, now.revision(), now.progress(), wait.duration())
        .chain(changed -> changed ? find(id) : Uni.createFrom().item(now));
  }

  private static RestResponse<Buffer> answer(
      Migration migration, PreferWait wait, List<String> known) {
    ResponseBuilder<Buffer> response =
        MigrationTag.of(migration).isAmong(known)
            ? MigrationAnswer.notModified(migration)
            : MigrationAnswer.with(migration);
    if (wait.asked()) {
      response.header("Preference-Applied", wait.applied());
    }
    return response.header(HttpHeaders.VARY, "Prefer").build();
  }

  private Uni<Migration> find(MigrationId id) {
    return store.read(() -> migrations.find(id).orElseThrow(Problem::unknownMigration));
  }

  @PATCH
  @Path("/{id}")
  @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH})
  @Blocking // the body is a stream
  public Uni<RestResponse<Buffer>> change(
      @RestPath String id, InputStream body, @Context HttpServerRequest request)
      throws IOException {
    Change change = json.read(body, MigrationPatch.class).checked(clock.instant());
    MigrationId wanted = MigrationAnswer.id(id);
    OptionalLong revision = MigrationTag.revision(request.headers().getAll(HttpHeaders.IF_MATCH));
    access.require(Role.MIGRATE);
    String caller = access.callerName();
    return store
        .write(
            () ->
                migrations
                    .change(wanted, change, caller, revision)
                    .orElseThrow(Problem::unknownMigration))
        .map(changed -> MigrationAnswer.with(changed).build());
  }

  @DELETE
  @Path("/{id}")
  public Uni<Void> delete(@RestPath String id) {
    MigrationId wanted = MigrationAnswer.id(id);
    access.require(Role.MIGRATE);
    return store.write(() -> delete(wanted));
  }

  private @Nullable Void delete(MigrationId id) throws SQLException {
    if (!migrations.delete(id)) {
      throw Problem.unknownMigration();
    }
    return null;
  }
}
