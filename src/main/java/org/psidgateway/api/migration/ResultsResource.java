package org.psidgateway.api.migration;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.transfer.Download;
import org.psidgateway.api.transfer.FileBody;
import org.psidgateway.api.transfer.QueryToken;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.View;
import org.psidgateway.migration.result.ListView;
import org.psidgateway.migration.result.MigrationLists;
import org.psidgateway.migration.result.Results;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.rows.FileFormat;

/** What became of the rows of a migration's list. */
@Path("/v1/migrations/{id}/results")
@Authenticated
class ResultsResource {
  private static final String PURPOSE = "cursor";
  private static final int DEFAULT_LIMIT = 100;
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}|1000");

  private final Access access;
  private final StoreCalls store;
  private final MigrationLists lists;
  private final Results results;

  ResultsResource(Access access, StoreCalls store, MigrationLists lists, Results results) {
    this.access = access;
    this.store = store;
    this.lists = lists;
    this.results = results;
  }

  /** Which rows of which migration are wanted. */
  record Wanted(@RestPath String id, @RestQuery @Nullable String view) {
    Query query() {
      return new Query(
          MigrationId.parse(id)
              .orElseThrow(() -> Problem.parameter("id", "is not the id of a migration")),
          view == null
              ? View.ORIGINAL
              : View.of(view)
                  .orElseThrow(
                      () ->
                          Problem.parameter(
                              "view",
                              "must be original, mapped, unmapped, invalid, failed or"
                                  + " not_attempted")));
    }
  }

  private record Query(MigrationId id, View view) {
    /** What a token is bound to. */
    String text(String purpose) {
      return "migration " + id + " " + view.wireName() + " " + purpose;
    }
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<Buffer> page(
      Wanted wanted, @RestQuery @Nullable String cursor, @RestQuery @Nullable String limit) {
    Query query = wanted.query();
    long after = cursor == null ? 0 : place(cursor, query);
    if (limit != null && !LIMIT.matcher(limit).matches()) {
      throw Problem.parameter("limit", "must be 1 to 1000");
    }
    int most = limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit);
    access.require(Role.EXPORT);
    return store
        .read(() -> results.page(find(query).now(), after, most))
        .map(
            page ->
                ResultJson.page(
                    page.results(),
                    page.next() == 0 ? null : QueryToken.of(page.next(), query.text(PURPOSE))));
  }

  private static long place(String cursor, Query query) {
    return QueryToken.parse(cursor, query.text(PURPOSE))
        .orElseThrow(() -> Problem.parameter("cursor", "is not a next_cursor of this query"));
  }

  @GET
  @Produces("text/csv;qs=0.4")
  public Uni<RestResponse<FileBody>> csv(
      Wanted wanted,
      @RestQuery @Nullable String after,
      @RestQuery @Nullable String snapshot,
      @Context RoutingContext context) {
    return file(wanted.query(), FileFormat.CSV, snapshot, Download.of(context, after, snapshot));
  }

  @GET
  @Produces("application/x-ndjson;qs=0.5")
  public Uni<RestResponse<FileBody>> ndjson(
      Wanted wanted,
      @RestQuery @Nullable String after,
      @RestQuery @Nullable String snapshot,
      @Context RoutingContext context) {
    return file(wanted.query(), FileFormat.NDJSON, snapshot, Download.of(context, after, snapshot));
  }

  private Uni<RestResponse<FileBody>> file(
      Query query, FileFormat form, @Nullable String snapshot, Download download) {
    String text = query.text(form.name());
    Long moment =
        snapshot == null
            ? null
            : QueryToken.parse(snapshot, text).orElseThrow(Download::otherSnapshot);
    access.require(Role.EXPORT);
    return store
        .read(() -> moment == null ? find(query) : again(query, moment))
        .map(
            view ->
                download.response(
                    results.file(view, form, download.gzip(), download.passed()),
                    contentType(form, view.content()),
                    QueryToken.of(view.moment(), text)));
  }

  /** That it was there once is what the token says. */
  private ListView again(Query query, long moment) throws SQLException {
    return lists.find(query.id(), query.view()).orElseThrow(Exports.SnapshotGone::new).at(moment);
  }

  private static String contentType(FileFormat form, Content content) {
    return form == FileFormat.CSV
        ? Download.csv(content.format() != FileFormat.CSV || content.columns() != null)
        : form.mediaType();
  }

  private ListView find(Query query) throws SQLException {
    return lists.find(query.id(), query.view()).orElseThrow(Problem::unknownMigration);
  }
}
