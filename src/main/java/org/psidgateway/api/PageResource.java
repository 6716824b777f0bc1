package org.psidgateway.api;

import io.quarkus.security.Authenticated;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Page;
import org.psidgateway.page.Pages;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** The registered Pages and their tokens. */
@Path("/v1/pages")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class PageResource {
  private final Access access;
  private final Pages pages;
  private final PageLimits limits;
  private final StrictJson json;
  private final String upstream;

  PageResource(
      Access access,
      Pages pages,
      PageLimits limits,
      StrictJson json,
      @ConfigProperty(name = "gateway.upstream.kind", defaultValue = "pages-id-mapping")
          String upstream) {
    this.access = access;
    this.pages = pages;
    this.limits = limits;
    this.json = json;
    this.upstream = upstream;
  }

  @GET
  public PageBodies.Listing all() {
    access.require(Role.READ);
    List<Page> all = pages.all();
    PageLimits.Told told = limits.told();
    return new PageBodies.Listing(
        all.stream().map(page -> PageBodies.View.of(page, upstream, told)).toList());
  }

  @GET
  @Path("/{page_id}")
  public PageBodies.View get(@RestPath("page_id") String pageId) {
    PageId page = KnownPages.parse(pageId);
    access.require(Role.READ);
    return pages.find(page).map(this::view).orElseThrow(KnownPages::unknown);
  }

  @PUT
  @Path("/{page_id}")
  @Consumes(MediaType.APPLICATION_JSON)
  public RestResponse<PageBodies.View> save(@RestPath("page_id") String pageId, InputStream body)
      throws IOException {
    PageBodies.Change change = json.read(body, PageBodies.Change.class);
    PageId page = KnownPages.parse(pageId);
    change.check();
    access.require(Role.ADMIN);
    Pages.Saved saved =
        pages.save(page, change.name(), change.fans(), change.testPage(), change.paused());
    if (Boolean.FALSE.equals(change.paused())) {
      limits.trust();
    }
    return saved.created()
        ? RestResponse.ResponseBuilder.<PageBodies.View>created(URI.create("/v1/pages/" + page))
            .entity(view(saved.page()))
            .build()
        : RestResponse.ok(view(saved.page()));
  }

  @PUT
  @Path("/{page_id}/token")
  @Consumes(MediaType.APPLICATION_JSON)
  public void setToken(@RestPath("page_id") String pageId, InputStream body) throws IOException {
    String token = json.read(body, PageBodies.Token.class).checked();
    PageId page = KnownPages.parse(pageId);
    access.require(Role.ADMIN);
    if (!pages.setToken(page, token)) {
      throw KnownPages.unknown();
    }
    limits.trust();
  }

  private PageBodies.View view(Page page) {
    return PageBodies.View.of(page, upstream, limits.told());
  }
}
