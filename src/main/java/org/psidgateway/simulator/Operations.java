package org.psidgateway.simulator;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.MatchingSettings.ForeignPage;
import org.psidgateway.simulator.SimulatorScript.Mode;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * Judges requests for nodes and edges, one at a time. An app's token asks about ASIDs, a Page's
 * token about that Page's PSIDs. PSIDs can't be computed backwards, so only those are known that
 * the witness saw given.
 */
final class Operations {
  private final Witness witness;
  private final RateWindow rate;

  Operations(Witness witness, RateWindow rate) {
    this.witness = witness;
    this.rate = rate;
  }

  /** {@code origin} is how the caller reaches the simulator, for links. */
  Answer answer(Settings settings, GraphOperation operation, String origin, Instant now) {
    String token = operation.request().token();
    long page = Tokens.page(settings, token);
    Optional<ErrorBody> badToken = Refusals.ofAnyToken(settings, token);
    if (badToken.isPresent()) {
      return Answer.refused(settings, badToken.get());
    }
    RateWindow.Usage usage = rate.count(settings, page, now.toEpochMilli());
    Answer answer =
        usage.blocked()
            ? Answer.refused(settings, Refusals.throttled("rate_limited", settings.rateCode))
            : Refusals.ofProof(settings, operation.request(), String.valueOf(token), now)
                .or(() -> ofPermission(settings, operation, token, page))
                .map(error -> Answer.refused(settings, error))
                .orElseGet(() -> look(settings, operation, page, origin));
    return answer.withUsage(usage.headers(settings));
  }

  private static Optional<ErrorBody> ofPermission(
      Settings settings, GraphOperation operation, @Nullable String token, long page) {
    boolean app = Tokens.isApp(settings, token);
    if (settings.mode == Mode.NOT_ALLOWED || (page == 0 && !app)) {
      return Optional.of(Refusals.notAllowed(settings));
    }
    if (!operation.isMatching()) {
      return Optional.of(Refusals.unknownPath("unknown_path", "/" + operation.path()));
    }
    if (operation.edge().equals("ids_for_apps") && app) {
      return Optional.of(Refusals.notPageToken(settings));
    }
    String filter = operation.request().get("page");
    if (filter == null) {
      return Optional.empty();
    }
    if (operation.page() == 0) {
      String message = "Param page must be a valid ID string (e.g., \"123\")";
      return Optional.of(ErrorBody.numbered("page", 100, message));
    }
    return ofForeignPage(settings, operation.page());
  }

  private static Optional<ErrorBody> ofForeignPage(Settings settings, long page) {
    boolean ours =
        !settings.foreignPages.contains(page)
            && (settings.pages.containsKey(page) || settings.businessPages.contains(page));
    if (ours || settings.foreignPage == ForeignPage.NO_ROWS) {
      return Optional.empty();
    }
    return Optional.of(
        settings.foreignPage == ForeignPage.INVALID
            ? ErrorBody.numbered("foreign_page", 100, "Invalid parameter")
            : Refusals.notAllowed(settings));
  }

  private Answer look(Settings settings, GraphOperation operation, long page, String origin) {
    long id = People.id(operation.node());
    if (id == 0 && !operation.node().matches("[0-9]+")) {
      String message = "Some of the aliases you requested do not exist: " + operation.node();
      return Answer.refused(settings, ErrorBody.numbered("no_such_alias", 803, message));
    }
    long asid = page == 0 || id == 0 ? id : witness.asidOf(page, id);
    if (!People.exists(settings, asid)) {
      return Answer.refused(
          settings, FaultReply.noSuchObject("no_such_object", "get", operation.node()));
    }
    String version = operation.version().isEmpty() ? "" : "/" + operation.version();
    String url = origin + version + "/" + operation.node();
    try {
      return switch (operation.edge()) {
        case "ids_for_pages" -> Edges.pages(settings, operation, asid, url + "/ids_for_pages");
        case "ids_for_apps" -> Edges.apps(settings, operation, asid, url + "/ids_for_apps");
        default -> Edges.node(settings, operation, asid, url);
      };
    } catch (IllegalArgumentException e) {
      return Answer.refused(settings, ErrorBody.numbered("paging", 100, "Invalid parameter"));
    }
  }
}
