package org.psidgateway.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages;

/** The question every call about mappings starts with: is there such a Page? */
@ApplicationScoped
class KnownPages {
  private final Pages pages;

  KnownPages(Pages pages) {
    this.pages = pages;
  }

  /** The Page a path names. Throws the problem of a malformed one. */
  static PageId parse(String pathSegment) {
    return PageId.parse(pathSegment)
        .orElseThrow(() -> Problem.parameter("page_id", "is not the id of a Page"));
  }

  static Problem unknown() {
    return Problem.of(ProblemType.UNKNOWN_PAGE, "No such Page is registered.");
  }

  /** Whether this pod knows of the Page without asking anybody. */
  boolean remembers(PageId page) {
    return pages.remembers(page);
  }

  /**
   * Emits once the Page is found, fails with the problem where there is none. Stays on the event
   * loop where the Page is remembered, and comes back to it where PostgreSQL had to be asked.
   */
  Uni<Void> require(PageId page) {
    if (pages.remembers(page)) {
      return Uni.createFrom().voidItem();
    }
    Context caller = Vertx.currentContext();
    return Uni.createFrom()
        .completionStage(
            () ->
                caller
                    .executeBlocking(() -> pages.find(page).isPresent(), false)
                    .toCompletionStage())
        .invoke(
            found -> {
              if (!found) {
                throw unknown();
              }
            })
        .replaceWithVoid();
  }
}
