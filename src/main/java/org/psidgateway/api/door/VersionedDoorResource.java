package org.psidgateway.api.door;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.psidgateway.api.problem.EnabledBy;

/** With a version in front, whichever it is: Graph never gave this call another meaning. */
@Path("/{version: v[0-9]+[.][0-9]+}/pages_id_mapping")
@EnabledBy(Door.ENABLED)
class VersionedDoorResource {
  private final Door door;

  VersionedDoorResource(Door door) {
    this.door = door;
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  public Uni<RestResponse<Buffer>> map(DoorBody body, @Context RoutingContext context) {
    return door.map(body, context);
  }
}
