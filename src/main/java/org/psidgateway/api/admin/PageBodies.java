package org.psidgateway.api.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.BodyErrors;
import org.psidgateway.page.Edit;
import org.psidgateway.page.Page;
import org.psidgateway.page.PageChange;
import org.psidgateway.page.Pages;

/** The bodies of requests and answers about Pages. */
final class PageBodies {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_TOKEN = 4096;

  private PageBodies() {}

  /**
   * What to change. Not a record: what is absent keeps its value, while a null clears {@code name}
   * and {@code fans}.
   */
  static final class Change {
    private Edit<String> name = Edit.keep();
    private Edit<Long> fans = Edit.keep();
    private @Nullable Boolean testPage;
    private @Nullable Boolean paused;

    @JsonSetter("name")
    void setName(@Nullable String value) {
      name = Edit.to(value);
    }

    @JsonSetter("fans")
    void setFans(@Nullable Long value) {
      fans = Edit.to(value);
    }

    @JsonSetter("test_page")
    void setTestPage(@Nullable Boolean value) {
      testPage = value;
    }

    @JsonSetter("paused")
    void setPaused(@Nullable Boolean value) {
      paused = value;
    }

    PageChange checked() {
      check(name.value(), fans.value());
      return new PageChange(name, fans, testPage, paused);
    }

    private static void check(@Nullable String name, @Nullable Long fans) {
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
      boolean archived,
      boolean paused,
      @Nullable String pauseReason,
      TokenState token,
      @Nullable Instant cooldownUntil,
      Map<String, Double> usage,
      Instant updatedAt,
      @JsonInclude(Include.NON_NULL) @Nullable Long quotaLimitBefore,
      @JsonInclude(Include.NON_NULL) @Nullable Long quotaLimitAfter) {

    static View of(Page page, String upstream, PageLimits.Snapshot limits) {
      return of(page, upstream, limits, null);
    }

    /** After a change that may have moved the quota limit. */
    static View of(
        Page page, String upstream, PageLimits.Snapshot limits, PageLimits.@Nullable Move quota) {
      return new View(
          page.id().toString(),
          page.name(),
          page.fans(),
          upstream,
          page.testPage(),
          page.archived(),
          page.paused(),
          page.pauseReason(),
          new TokenState(page.hasToken(), page.tokenRevision()),
          limits.cooldownUntil(page.id()),
          limits.usage(page.id()),
          page.updatedAt(),
          quota == null ? null : quota.before(),
          quota == null ? null : quota.after());
    }
  }

  /** Whether there is a token, and its number, counted from 1; never the token. */
  record TokenState(boolean set, int revision) {}

  /** All Pages. */
  record Listing(List<View> items) {}
}
