package org.psidgateway.api.migration;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.transfer.FileBody;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;

/** Migrations are followed. */
@Path("/v1/migrations/{id}/events")
@Authenticated
class EventsResource {
  private final Access access;
  private final StoreCalls store;
  private final Migrations migrations;
  private final Watch watch;
  private final Ticker ticker;

  EventsResource(
      Access access, StoreCalls store, Migrations migrations, Watch watch, Ticker ticker) {
    this.access = access;
    this.store = store;
    this.migrations = migrations;
    this.watch = watch;
    this.ticker = ticker;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public Uni<RestResponse<FileBody>> follow(@RestPath String id) {
    MigrationId wanted = MigrationAnswer.id(id);
    access.require(Role.MIGRATE);
    return store
        .read(() -> migrations.find(wanted).orElseThrow(Problem::unknownMigration))
        .map(found -> response(wanted, found));
  }

  private RestResponse<FileBody> response(MigrationId id, Migration first) {
    EventStream stream = new EventStream(store, migrations, watch, ticker, id, first);
    return ResponseBuilder.ok(new FileBody(stream.events()))
        .header(HttpHeaders.CONTENT_TYPE, MediaType.SERVER_SENT_EVENTS)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header("X-Accel-Buffering", "no") // proxies that collect what they pass on
        .build();
  }
}
