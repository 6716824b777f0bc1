package org.psidgateway.api.transfer;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.sql.SQLException;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.model.PageId;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;
import org.psidgateway.store.PageView;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.rows.FileFormat;

/** All that is known of a Page, as a file. */
@Path("/v1/pages/{page_id}/mappings")
@Authenticated
class ExportResource {
  private final Access access;
  private final RegisteredPages pages;
  private final StoreCalls store;
  private final Exports exports;

  ExportResource(Access access, RegisteredPages pages, StoreCalls store, Exports exports) {
    this.access = access;
    this.pages = pages;
    this.store = store;
    this.exports = exports;
  }

  @GET
  @Produces("text/csv;qs=0.4")
  public Uni<RestResponse<FileBody>> csv(
      @RestPath("page_id") String pageId, @Context RoutingContext context, Part part) {
    return file(pageId, context, part, FileFormat.CSV);
  }

  @GET
  @Produces("application/x-ndjson;qs=0.5")
  public Uni<RestResponse<FileBody>> ndjson(
      @RestPath("page_id") String pageId, @Context RoutingContext context, Part part) {
    return file(pageId, context, part, FileFormat.NDJSON);
  }

  /** Which rows are wanted. */
  record Part(
      @RestQuery @Nullable String psid,
      @RestQuery @Nullable String status,
      @RestQuery("updated_since") @Nullable String updatedSince,
      @RestQuery @Nullable String after,
      @RestQuery @Nullable String snapshot) {

    PageView.Query query(PageId page) {
      if (psid != null) {
        throw Problem.parameter("psid", "is answered as application/json alone");
      }
      return ViewParameters.query(page, status, updatedSince);
    }

    /** The moment that the file is to be of; null for a new one. */
    @Nullable Long moment(PageView.Query query, FileFormat format) {
      if (snapshot == null) {
        return null;
      }
      return QueryToken.parse(snapshot, query, format.name()).orElseThrow(Download::otherSnapshot);
    }
  }

  private Uni<RestResponse<FileBody>> file(
      String pageId, RoutingContext context, Part part, FileFormat format) {
    PageId page = RegisteredPages.parse(pageId);
    PageView.Query query = part.query(page);
    Download download = Download.of(context, part.after, part.snapshot);
    Long given = part.moment(query, format);
    access.require(Role.EXPORT);
    return pages
        .require(page, store.deadline())
        .chain(found -> store.read(() -> moment(query, given)))
        .map(asOf -> response(query, asOf, format, download));
  }

  private long moment(PageView.Query query, @Nullable Long given) throws SQLException {
    if (given == null) {
      return exports.moment();
    }
    if (!exports.stands(query, given)) {
      throw Problem.snapshotGone();
    }
    return given;
  }

  private RestResponse<FileBody> response(
      PageView.Query query, long asOf, FileFormat format, Download download) {
    return download.response(
        exports.file(query, asOf, format, download.gzip(), download.passed()),
        format == FileFormat.CSV ? Download.csv(true) : format.mediaType(),
        QueryToken.of(asOf, query, format.name()));
  }
}
