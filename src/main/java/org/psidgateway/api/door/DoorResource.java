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

/** As most programs call it. Whatever they accept, they get JSON: Graph does not look either. */
@Path("/pages_id_mapping")
@EnabledBy(Door.ENABLED)
class DoorResource {
  private final Door door;

  DoorResource(Door door) {
    this.door = door;
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  public Uni<RestResponse<Buffer>> map(DoorBody body, @Context RoutingContext context) {
    return door.map(body, context);
  }
}
