package org.psidgateway.api.migration;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.EnumSet;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.TakesGzip;
import org.psidgateway.api.transfer.Upload;
import org.psidgateway.migration.Settings;
import org.psidgateway.migration.Uploads;
import org.psidgateway.model.PageId;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;

/** Lists that become migrations. */
@Path("/v1/pages/{page_id}/migrations")
@Authenticated
class MigrationUploadResource {
  private static final Upload.Rules RULES =
      new Upload.Rules(EnumSet.allOf(FileFormat.class), Uploads.MOST_ROWS, Uploads.MOST_BYTES);

  private final Access access;
  private final RegisteredPages pages;
  private final StoreCalls store;
  private final Uploads uploads;
  private final Ticker ticker;

  MigrationUploadResource(
      Access access, RegisteredPages pages, StoreCalls store, Uploads uploads, Ticker ticker) {
    this.access = access;
    this.pages = pages;
    this.store = store;
    this.uploads = uploads;
    this.ticker = ticker;
  }

  @POST
  @Consumes(MediaType.WILDCARD) // refused by us, with what would do
  @Produces(MediaType.APPLICATION_JSON)
  @TakesGzip
  @Blocking // the body is a stream
  public RestResponse<Buffer> create(
      @RestPath("page_id") String pageId,
      InputStream body,
      @Context UriInfo uris,
      @Context HttpHeaders headers,
      @Context RoutingContext context)
      throws Exception {
    String separator = uris.getQueryParameters().getFirst("separator");
    return Upload.read(
        context, body, ticker, separator, RULES, upload -> create(pageId, upload, uris, headers));
  }

  private RestResponse<Buffer> create(
      String pageId, Upload upload, UriInfo uris, HttpHeaders headers) throws Exception {
    PageId page = RegisteredPages.parse(pageId);
    QueryParameters query = new QueryParameters(uris.getQueryParameters());
    Settings settings = query.settings();
    boolean dryRun = Boolean.TRUE.equals(query.flag("dry_run"));
    String key =
        dryRun ? null : IdempotencyKey.parse(headers.getRequestHeader(IdempotencyKey.HEADER));
    byte[] promised = ReprDigest.sha256(headers.getRequestHeader(ReprDigest.HEADER));
    access.require(Role.MIGRATE);
    pages.require(page, store.deadline()).await().indefinitely();
    Uploads.Form form =
        new Uploads.Form(
            upload.format(), upload.gzip(), query.query().getFirst("column"), upload.separator());
    try {
      return take(page, key, form, settings, upload, promised, uris);
    } catch (SQLException e) {
      throw Upload.failed(e);
    }
  }

  private RestResponse<Buffer> take(
      PageId page,
      @Nullable String key,
      Uploads.Form form,
      Settings settings,
      Upload upload,
      byte @Nullable [] promised,
      UriInfo uris)
      throws IOException, SQLException {
    String caller = access.callerName();
    if (key == null) {
      return RestResponse.ok(
          MigrationJson.one(uploads.dryRun(caller, page, form, settings, upload.body(), promised)));
    }
    return MigrationAnswer.made(
        uploads.receive(
            new Uploads.Owner(caller, page, key), form, settings, upload.body(), promised),
        uris.getBaseUri());
  }
}
