package org.psidgateway.upstream;

import java.util.EnumSet;
import java.util.Set;
import org.jboss.logging.Logger;
import org.psidgateway.model.PageId;

/**
 * Logs which setting to check when the upstream's errors point at one: once, until a call is
 * answered again. Thread-safe.
 */
final class Advice {
  private static final Logger LOG = Logger.getLogger(Advice.class);

  private final Set<UpstreamError> advised = EnumSet.noneOf(UpstreamError.class);

  void heed(PageId page, Outcome outcome) {
    outcome.fold(
        answered -> forget(),
        matched -> matched.stop().map(refused -> advise(page, refused)).orElseGet(this::forget),
        refused -> advise(page, refused),
        unsent -> false,
        uncertain -> false);
  }

  private boolean advise(PageId page, Outcome.Refused refused) {
    String advice = about(refused.error());
    boolean advises = !advice.isEmpty() && first(refused.error());
    if (advises) {
      String whose = page.isAny() ? "" : "Page " + page + ": ";
      LOG.warnf("%s (%s%s)", advice, whose, refused.detail());
    }
    return advises;
  }

  private synchronized boolean first(UpstreamError error) {
    return advised.add(error);
  }

  private synchronized boolean forget() {
    advised.clear();
    return false;
  }

  private static String about(UpstreamError error) {
    return switch (error) {
      case APP_SECRET ->
          "The upstream rejects the proof of the app: check gateway.app.secret, and gateway.app.id; if"
              + " other Pages are answered, this Page's token belongs to another app";
      case RETIRED ->
          "The upstream says that this API, or the version that is called, is deprecated: unless the"
              + " API was closed, change gateway.upstream.version";
      case MISADDRESSED ->
          "The upstream does not know the path that is called: unless the API was closed, check"
              + " gateway.upstream.base-url and gateway.upstream.version";
      default -> "";
    };
  }
}
