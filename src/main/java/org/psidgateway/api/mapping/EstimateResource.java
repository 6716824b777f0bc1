package org.psidgateway.api.mapping;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.TakesGzip;
import org.psidgateway.api.transfer.Upload;
import org.psidgateway.forecast.Forecasts;
import org.psidgateway.forecast.Work;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.resolve.ResolveQuery;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.security.Access;
import org.psidgateway.security.Allowance;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.RowReader;

/** What a list would cost, and when it would be done. Spends and queues nothing. */
@Path("/v1/pages/{page_id}/estimates")
@Authenticated
class EstimateResource {
  private static final int MOST_IDS = 10_000;

  private static final Upload.Rules RULES =
      new Upload.Rules(EnumSet.allOf(FileFormat.class), MOST_IDS, BoundedBody.MAX);

  private final Access access;
  private final RegisteredPages pages;
  private final StoreCalls store;
  private final Resolver resolver;
  private final Forecasts forecasts;
  private final Ticker ticker;

  EstimateResource(
      Access access,
      RegisteredPages pages,
      StoreCalls store,
      Resolver resolver,
      Forecasts forecasts,
      Ticker ticker) {
    this.access = access;
    this.pages = pages;
    this.store = store;
    this.resolver = resolver;
    this.forecasts = forecasts;
    this.ticker = ticker;
  }

  @POST
  @Consumes(MediaType.WILDCARD) // refused by us, with what would do
  @Produces(MediaType.APPLICATION_JSON)
  @TakesGzip
  @Blocking // the body is a stream
  public Uni<EstimateBody> estimate(
      @RestPath("page_id") String pageId,
      @RestQuery @Nullable String column,
      @RestQuery @Nullable String separator,
      InputStream body,
      @Context RoutingContext context)
      throws Exception {
    PageId page = RegisteredPages.parse(pageId);
    ListedIds ids =
        Upload.read(
            context,
            body,
            ticker,
            separator,
            RULES,
            upload -> {
              access.require(Role.READ);
              return read(upload, column);
            });
    Allowance allowance = access.allowance();
    ResolveQuery query =
        new ResolveQuery(
            page,
            access.callerName(),
            ids.distinct(),
            true,
            Lane.BACKGROUND,
            false,
            ticker.nanos());
    return pages
        .require(page, store.deadline())
        .invoke(() -> CallerLimit.take(allowance, query.asids().length))
        .chain(found -> resolver.resolve(query))
        .chain(answers -> estimate(page, ids, answers));
  }

  private static ListedIds read(Upload upload, @Nullable String column) throws Exception {
    ListedIds ids = new ListedIds();
    RowReader.read(
        upload.body(),
        new RowReader.Options(
            upload.format(),
            upload.gzip(),
            List.of(column == null ? "asid" : column),
            column != null,
            upload.separator(),
            RULES.mostRows(),
            RULES.mostBytes()),
        ids);
    return ids;
  }

  private Uni<EstimateBody> estimate(PageId page, ListedIds ids, Answers answers) {
    int unknown = 0;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.fate(i) == Fate.STORE_UNAVAILABLE) {
        throw Problem.unavailable();
      }
      unknown += answers.fate(i) == Fate.NOT_KNOWN ? 1 : 0;
    }
    Work work = new Work(page, unknown, Lane.BACKGROUND, 1, 0);
    return store.read(() -> EstimateBody.of(ids, work, forecasts.of(work)));
  }
}
