package org.psidgateway.api.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.BodyErrors;
import org.psidgateway.page.Page;
import org.psidgateway.page.Pages;

/** The bodies of requests and answers about Pages. */
final class PageBodies {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_TOKEN = 4096;

  private PageBodies() {}

  /** What to change; null keeps the present value. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Change(
      @Nullable String name,
      @Nullable Long fans,
      @Nullable Boolean testPage,
      @Nullable Boolean paused) {

    void check() {
      BodyErrors errors = new BodyErrors();
      if (name != null && !PrintableText.is(name, LONGEST_NAME)) {
        errors.add("/name", "must be 1 to " + LONGEST_NAME + " printable characters");
      }
      if (fans != null && (fans < 0 || fans > Pages.MAX_FANS)) {
        errors.add("/fans", "must be 0 to " + Pages.MAX_FANS);
      }
      if (!errors.isEmpty()) {
        throw errors.toProblem();
      }
    }
  }

  /** A Page's access token. Has no useful {@code toString}, so that it can't get into a log. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Token(@Nullable String accessToken) {

    String checked() {
      if (accessToken == null
          || accessToken.isEmpty()
          || accessToken.length() > LONGEST_TOKEN
          || !accessToken.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        BodyErrors errors = new BodyErrors();
        errors.add(
            "/access_token", "must be 1 to " + LONGEST_TOKEN + " ASCII characters without spaces");
        throw errors.toProblem();
      }
      return accessToken;
    }

    @Override
    public String toString() {
      return "Token";
    }
  }

  /** A Page as its readers see it. */
  @JsonNaming(SnakeCaseStrategy.class)
  record View(
      String pageId,
      @Nullable String name,
      @Nullable Long fans,
      String upstream,
      boolean testPage,
      boolean paused,
      @Nullable String pauseReason,
      TokenState token,
      @Nullable Instant cooldownUntil,
      Map<String, Double> usage,
      Instant updatedAt) {

    static View of(Page page, String upstream, PageLimits.Snapshot limits) {
      return new View(
          page.id().toString(),
          page.name(),
          page.fans(),
          upstream,
          page.testPage(),
          page.paused(),
          page.pauseReason(),
          new TokenState(page.tokenRevision() > 0, page.tokenRevision()),
          limits.cooldownUntil(page.id()),
          limits.usage(page.id()),
          page.updatedAt());
    }
  }

  /** Whether there is a token, and its number, counted from 1; never the token. */
  record TokenState(boolean set, int revision) {}

  /** All Pages. */
  record Listing(List<View> items) {}
}
