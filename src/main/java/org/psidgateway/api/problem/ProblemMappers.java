package org.psidgateway.api.problem;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.psidgateway.books.Books.NoWindow;
import org.psidgateway.db.Outage;
import org.psidgateway.migration.Desired;
import org.psidgateway.migration.IllegalTransition;
import org.psidgateway.migration.Migrations;
import org.psidgateway.migration.UploadRefused;
import org.psidgateway.page.Pages.PageInUse;
import org.psidgateway.page.Pages.TooManyTestPages;
import org.psidgateway.resolve.StoreUnreadable;
import org.psidgateway.security.Access;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.Imports;

/** Which problem each exception is, the framework's own included. */
class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  private final Problems problems;

  ProblemMappers(Problems problems) {
    this.problems = problems;
  }

  @ServerExceptionMapper
  public Response ours(Problem e, RoutingContext context) {
    return problems.toResponse(e, context);
  }

  @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
  public Response unauthenticated(Throwable e, RoutingContext context) {
    return problems.toResponse(unauthenticated(context), context);
  }

  private static Problem unauthenticated(RoutingContext context) {
    String detail =
        Access.presentsKey(context)
            ? "The API key is not that of a caller. It may be misspelt, or withdrawn."
            : "Send a caller's API key: Authorization: Bearer …";
    return Problem.of(ProblemType.UNAUTHENTICATED, detail)
        .header(HttpHeaders.WWW_AUTHENTICATE, Access.challenge(context));
  }

  @ServerExceptionMapper
  public Response missingRole(Access.MissingRole e, RoutingContext context) {
    String role = e.required().wireName();
    return problems.toResponse(
        Problem.of(ProblemType.MISSING_ROLE, "This call requires the role " + role + ".")
            .with("required_role", role),
        context);
  }

  @ServerExceptionMapper
  public Response forbidden(ForbiddenException e, RoutingContext context) {
    return problems.toResponse(
        Problem.of(ProblemType.MISSING_ROLE, "The caller may not do this."), context);
  }

  @ServerExceptionMapper
  public Response tooManyTestPages(TooManyTestPages e, RoutingContext context) {
    return problems.toResponse(
        Problem.of(
            ProblemType.TOO_MANY_TEST_PAGES, "An app may have five test Pages. Unmark one first."),
        context);
  }

  @ServerExceptionMapper
  public Response pageInUse(PageInUse e, RoutingContext context) {
    return problems.toResponse(
        e.hasMappings()
            ? Problem.of(
                ProblemType.PAGE_IN_USE,
                "The Page has mappings, or migrations that have not ended. With keep_mappings=true its"
                    + " mappings stay readable, and these migrations fail.")
            : Problem.of(
                    ProblemType.PAGE_IN_USE,
                    "A call or an import that brings mappings of the Page is under way. Try again in a few seconds, or"
                        + " archive the Page with keep_mappings=true.")
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(RetryAfter.jittered(5))),
        context);
  }

  @ServerExceptionMapper
  public Response illegal(IllegalTransition e, RoutingContext context) {
    return problems.toResponse(
        Problem.of(
                ProblemType.ILLEGAL_TRANSITION,
                "The migration is " + e.state().wireName() + ": that can't be asked of it.")
            .with("state", e.state().wireName())
            .with("legal", e.legal().stream().map(Desired::wireName).toList()),
        context);
  }

  @ServerExceptionMapper
  public Response otherRevision(Migrations.OtherRevision e, RoutingContext context) {
    return problems.toResponse(
        Problem.of(
            ProblemType.PRECONDITION_FAILED,
            "The migration has another revision than If-Match names."),
        context);
  }

  @ServerExceptionMapper
  public Response refused(UploadRefused e, RoutingContext context) {
    return problems.toResponse(refusal(e), context);
  }

  private static Problem refusal(UploadRefused e) {
    return switch (e.why()) {
      case UNDER_WAY ->
          Problem.of(ProblemType.IN_PROGRESS, "Another request with this Idempotency-Key is at it.")
              .header(HttpHeaders.RETRY_AFTER, String.valueOf(RetryAfter.jittered(2)));
      case OTHER_BODY ->
          Problem.of(
              ProblemType.IDEMPOTENCY_MISMATCH,
              "This Idempotency-Key has made a migration of another body.");
      case DAMAGED ->
          Problem.of(
              ProblemType.MALFORMED_REQUEST,
              "The body is damaged: its SHA-256 is not that of Repr-Digest. Nothing of it was kept.");
      case OVERDUE -> Problem.parameter("deadline", "must lie in the future");
      case EMPTY -> Problem.of(ProblemType.MALFORMED_REQUEST, "The list is empty.");
      case NO_PAGE -> Problem.of(ProblemType.UNKNOWN_PAGE, "No such Page is registered.");
      case NO_PARENT -> Problem.unknownMigration();
      case BUSY -> Problem.busy("Enough lists are under way already. Nothing was done.");
    };
  }

  @ServerExceptionMapper
  public Response busy(Imports.Busy e, RoutingContext context) {
    return problems.toResponse(
        Problem.busy("Enough files are under way already. Nothing was done."), context);
  }

  /** Known before anything of the file was sent. */
  @ServerExceptionMapper
  public Response snapshotGone(Exports.SnapshotGone e, RoutingContext context) {
    return problems.toResponse(Problem.snapshotGone(), context);
  }

  @ServerExceptionMapper
  public Response noWindow(NoWindow e, RoutingContext context) {
    return problems.toResponse(
        Problem.of(ProblemType.NOT_OFFERED, "The upstream has no window that could be sealed."),
        context);
  }

  @ServerExceptionMapper
  public Response storeUnreadable(StoreUnreadable e, RoutingContext context) {
    return problems.toResponse(Problem.unavailable(), context);
  }

  @ServerExceptionMapper
  public Response framework(WebApplicationException e, RoutingContext context) {
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    if (status >= 500) {
      return any(e, context);
    }
    return problems.toResponse(ofStatus(status, context), context);
  }

  @ServerExceptionMapper
  public Response any(Throwable e, RoutingContext context) {
    return problems.toResponse(unexpected(e), context);
  }

  /** The problem of a failure nobody foresaw; a failure of ours is logged. */
  static Problem unexpected(Throwable e) {
    if (Outage.is(e)) { // logged when it began, by what asked PostgreSQL
      LOG.debugf("request answered 503: %s", Outage.describe(e));
      return Problem.unavailable();
    }
    LOG.error("A request failed", WithoutNumbers.of(e));
    return Problem.of(
        ProblemType.INTERNAL, "The gateway failed. Report the request_id to its operators.");
  }

  /** The problem of a refusal of the framework's. */
  static Problem ofStatus(int status, RoutingContext context) {
    return switch (status) {
      case 400 -> Problem.of(ProblemType.MALFORMED_REQUEST, "The request is malformed.");
      case 401 -> unauthenticated(context);
      case 403 -> Problem.of(ProblemType.MISSING_ROLE, "The caller may not do this.");
      case 404 -> notFound();
      case 405 -> methodNotAllowed();
      case 406 ->
          Problem.of(
              ProblemType.UNSUPPORTED_MEDIA_TYPE, 406, "This API answers in application/json.");
      case 413 ->
          Problem.of(ProblemType.BODY_TOO_LARGE, "The body is longer than this call accepts.");
      case 415 ->
          Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
              .header(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON);
      default -> Problem.of(ProblemType.OTHER, status, "The request is refused.");
    };
  }

  static Problem notFound() {
    return Problem.of(ProblemType.NOT_FOUND, "There is nothing at this path.");
  }

  static Problem methodNotAllowed() {
    return Problem.of(
        ProblemType.METHOD_NOT_ALLOWED, "This path accepts other methods; see Allow.");
  }
}
