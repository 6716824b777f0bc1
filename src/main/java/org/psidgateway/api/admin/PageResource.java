package org.psidgateway.api.admin;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.db.Outage;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Page;
import org.psidgateway.page.PageChange;
import org.psidgateway.page.Pages;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** The registered Pages and their tokens. */
@Path("/v1/pages")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class PageResource {
  private final Access access;
  private final RegisteredPages known;
  private final Pages pages;
  private final PageLimits limits;
  private final StoreCalls store;
  private final StrictJson json;
  private final String upstream;

  PageResource(
      Access access,
      RegisteredPages known,
      Pages pages,
      PageLimits limits,
      StoreCalls store,
      StrictJson json,
      @ConfigProperty(name = "gateway.upstream.kind") String upstream) {
    this.access = access;
    this.known = known;
    this.pages = pages;
    this.limits = limits;
    this.store = store;
    this.json = json;
    this.upstream = upstream;
  }

  @GET
  public Uni<PageBodies.Listing> all() {
    access.require(Role.READ);
    long deadline = store.deadline();
    return store
        .read(deadline, pages::all)
        .onFailure(Outage::is)
        .recoverWithItem(pages::recallAll)
        .chain(all -> limits.snapshot(deadline).map(snapshot -> listing(all, snapshot)));
  }

  private PageBodies.Listing listing(List<Page> all, PageLimits.Snapshot snapshot) {
    return new PageBodies.Listing(
        all.stream().map(page -> PageBodies.View.of(page, upstream, snapshot)).toList());
  }

  @GET
  @Path("/{page_id}")
  public Uni<PageBodies.View> get(@RestPath("page_id") String pageId) {
    PageId page = RegisteredPages.parse(pageId);
    access.require(Role.READ);
    long deadline = store.deadline();
    return known.require(page, deadline).chain(found -> view(found, deadline));
  }

  @PUT
  @Path("/{page_id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking // the body is a stream
  public Uni<RestResponse<PageBodies.View>> save(
      @RestPath("page_id") String pageId, InputStream body, @Context UriInfo uris)
      throws IOException {
    PageBodies.Change request = json.read(body, PageBodies.Change.class);
    PageId page = RegisteredPages.parse(pageId);
    PageChange change = request.checked();
    access.require(Role.ADMIN);
    long deadline = store.deadline();
    URI location = uris.getBaseUri().resolve("v1/pages/" + page);
    return store
        .write(() -> save(page, change))
        .chain(
            saved -> {
              PageLimits.Move quota = limits.moved(saved);
              return limits
                  .snapshot(deadline)
                  .map(snapshot -> PageBodies.View.of(saved.page(), upstream, snapshot, quota))
                  .map(view -> response(saved, view, location));
            });
  }

  private Pages.Saved save(PageId page, PageChange change) {
    Pages.Saved saved = pages.save(page, change);
    if (Boolean.FALSE.equals(change.paused())) {
      limits.trust();
    }
    return saved;
  }

  private static RestResponse<PageBodies.View> response(
      Pages.Saved saved, PageBodies.View view, URI location) {
    return saved.created()
        ? RestResponse.ResponseBuilder.<PageBodies.View>created(location).entity(view).build()
        : RestResponse.ok(view);
  }

  @PUT
  @Path("/{page_id}/token")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking // the body is a stream
  public Uni<Void> setToken(@RestPath("page_id") String pageId, InputStream body)
      throws IOException {
    String token = json.read(body, PageBodies.Token.class).checked();
    PageId page = RegisteredPages.parse(pageId);
    access.require(Role.ADMIN);
    return store.write(() -> setToken(page, token));
  }

  private @Nullable Void setToken(PageId page, String token) {
    limits.moved(pages.setToken(page, token).orElseThrow(RegisteredPages::unknown));
    limits.trust();
    return null;
  }

  @DELETE
  @Path("/{page_id}")
  public Uni<Void> delete(@RestPath("page_id") String pageId, @Context UriInfo uris) {
    PageId page = RegisteredPages.parse(pageId);
    boolean keep = flag("keep_mappings", uris);
    access.require(Role.ADMIN);
    return store.write(() -> delete(page, keep));
  }

  private @Nullable Void delete(PageId page, boolean keepMappings) throws SQLException {
    Optional<Pages.Saved> ended = keepMappings ? pages.archive(page) : pages.remove(page);
    limits.moved(ended.orElseThrow(RegisteredPages::unknown));
    return null;
  }

  /** A name without a value means true. */
  private static boolean flag(String name, UriInfo uris) {
    String value = uris.getQueryParameters().getFirst(name);
    if (value != null && !List.of("", "true", "false").contains(value)) {
      throw Problem.parameter(name, "must be true or false");
    }
    return value != null && !value.equals("false");
  }

  private Uni<PageBodies.View> view(Page page, long deadline) {
    return limits.snapshot(deadline).map(snapshot -> PageBodies.View.of(page, upstream, snapshot));
  }
}
