package org.psidgateway.api.transfer;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
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
  private static final Pattern ROWS = Pattern.compile("0|[1-9][0-9]{0,17}");

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

    long passed() {
      if (after == null) {
        return 0;
      }
      if (!ROWS.matcher(after).matches()) {
        throw Problem.parameter("after", "must be the number of data rows received so far");
      }
      if (snapshot == null) {
        throw Problem.parameter("snapshot", "is required with after: the Gateway-Snapshot so far");
      }
      return Long.parseLong(after);
    }

    /** The moment that the file is to be of; null for a new one. */
    @Nullable Long moment(PageView.Query query, FileFormat format) {
      if (snapshot == null) {
        return null;
      }
      return QueryToken.parse(snapshot, query, format.name())
          .orElseThrow(
              () -> Problem.parameter("snapshot", "is not the Gateway-Snapshot of this query"));
    }
  }

  private Uni<RestResponse<FileBody>> file(
      String pageId, RoutingContext context, Part part, FileFormat format) {
    PageId page = RegisteredPages.parse(pageId);
    PageView.Query query = part.query(page);
    long passed = part.passed();
    Long given = part.moment(query, format);
    access.require(Role.EXPORT);
    boolean gzip = acceptsGzip(context.request().headers().getAll(HttpHeaders.ACCEPT_ENCODING));
    return pages
        .require(page, store.deadline())
        .chain(found -> store.read(() -> moment(query, given)))
        .map(asOf -> response(query, asOf, format, gzip, passed));
  }

  private long moment(PageView.Query query, @Nullable Long given) throws SQLException {
    if (given == null) {
      return exports.moment();
    }
    if (!exports.stands(query, given)) {
      throw Problem.of(
          ProblemType.SNAPSHOT_GONE,
          "The file of that moment can't be had any more. Download it anew.");
    }
    return given;
  }

  private RestResponse<FileBody> response(
      PageView.Query query, long asOf, FileFormat format, boolean gzip, long passed) {
    RestResponse.ResponseBuilder<FileBody> response =
        RestResponse.ResponseBuilder.ok(
                new FileBody(exports.file(query, asOf, format, gzip, passed)))
            .header(HttpHeaders.CONTENT_TYPE, contentType(format))
            .header("Gateway-Snapshot", QueryToken.of(asOf, query, format.name()))
            .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
            .header(HttpHeaders.VARY, "Accept, Accept-Encoding");
    if (gzip) {
      response.header(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    return response.build();
  }

  private static String contentType(FileFormat format) {
    return format == FileFormat.CSV
        ? "text/csv; charset=utf-8; header=present"
        : format.mediaType();
  }

  /** Without weights: whoever names it with a q of 0 does not want it. */
  private static boolean acceptsGzip(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Pattern.compile(",").splitAsStream(header))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .anyMatch(coding -> coding.matches("gzip(\\s*;\\s*q=(1(\\.0*)?|0?\\.\\d*[1-9]\\d*))?"));
  }
}
