package org.psidgateway.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Page;
import org.psidgateway.page.Pages;

/** The question every call about mappings starts with: is there such a Page? */
@Singleton
public class RegisteredPages {
  private final Pages pages;
  private final StoreCalls store;

  RegisteredPages(Pages pages, StoreCalls store) {
    this.pages = pages;
    this.store = store;
  }

  /** The Page a path names. Throws the problem of a malformed one. */
  public static PageId parse(String pathSegment) {
    return PageId.parse(pathSegment)
        .orElseThrow(() -> Problem.parameter("page_id", "is not the id of a Page"));
  }

  public static Problem unknown() {
    return Problem.of(ProblemType.UNKNOWN_PAGE, "No such Page is registered.");
  }

  /**
   * The Page; fails with the problem if there is none, or if PostgreSQL does not answer by the
   * deadline. Stays on the event loop if this pod knows, and comes back to it if PostgreSQL had to
   * be asked.
   */
  public Uni<Page> require(PageId page, long deadline) {
    Optional<Page> remembered = pages.recall(page);
    if (remembered.isPresent()) {
      return Uni.createFrom().item(remembered.get());
    }
    if (pages.isMissing(page)) {
      return Uni.createFrom().failure(unknown());
    }
    Context caller = Vertx.currentContext();
    return store
        .read(deadline, () -> pages.find(page).orElseThrow(RegisteredPages::unknown))
        .emitOn(task -> caller.runOnContext(here -> task.run()));
  }
}
