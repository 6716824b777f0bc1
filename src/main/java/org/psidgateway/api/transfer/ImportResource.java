package org.psidgateway.api.transfer;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.EnumSet;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.TakesGzip;
import org.psidgateway.model.PageId;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.ImportReport;
import org.psidgateway.transfer.Imports;
import org.psidgateway.transfer.rows.FileFormat;

/** Pairs that are owned already, from a file. */
@Path("/v1/pages/{page_id}/mappings/import")
@Authenticated
class ImportResource {
  private static final Upload.Rules RULES =
      new Upload.Rules(
          EnumSet.of(FileFormat.CSV, FileFormat.NDJSON, FileFormat.JSON), // a text has one column
          Imports.MOST_ROWS,
          Imports.MOST_BYTES);

  private final Access access;
  private final RegisteredPages pages;
  private final StoreCalls store;
  private final Imports imports;
  private final Ticker ticker;

  ImportResource(
      Access access, RegisteredPages pages, StoreCalls store, Imports imports, Ticker ticker) {
    this.access = access;
    this.pages = pages;
    this.store = store;
    this.imports = imports;
    this.ticker = ticker;
  }

  @POST
  @Consumes(MediaType.WILDCARD) // refused by us, with what would do
  @Produces(MediaType.APPLICATION_JSON)
  @TakesGzip
  @Blocking // the body is a stream
  public ImportReport merge(
      @RestPath("page_id") String pageId,
      @RestQuery("on_conflict") @Nullable String onConflict,
      @RestQuery @Nullable String column,
      @RestQuery @Nullable String separator,
      InputStream body,
      @Context RoutingContext context)
      throws Exception {
    return Upload.read(
        context,
        body,
        ticker,
        separator,
        RULES,
        upload -> {
          PageId page = RegisteredPages.parse(pageId);
          boolean replace = replaces(onConflict);
          access.require(replace ? Role.ADMIN : Role.IMPORT);
          pages.require(page, store.deadline()).await().indefinitely();
          return merge(page, upload, column, replace);
        });
  }

  private static boolean replaces(@Nullable String onConflict) {
    if (onConflict == null || onConflict.equals("keep")) {
      return false;
    }
    if (onConflict.equals("replace")) {
      return true;
    }
    throw Problem.parameter("on_conflict", "must be keep or replace");
  }

  private ImportReport merge(PageId page, Upload upload, @Nullable String column, boolean replace)
      throws Exception {
    Imports.Order order =
        new Imports.Order(upload.format(), upload.gzip(), column, upload.separator(), replace);
    try {
      return imports.run(page, upload.body(), order).orElseThrow(RegisteredPages::unknown);
    } catch (SQLException e) {
      throw Upload.failed(e);
    }
  }
}
