package org.psidgateway.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;

/**
 * What the headers of an answer say about limits. A header that can't be read is passed over: what
 * is absent here is unknown, never zero.
 */
final class UsageHeaders {

  /** The longest period of any documented limit; a longer wait is a slip of the sender. */
  static final Duration LONGEST_WAIT = Duration.ofDays(1);

  static final UsageHeaders NONE = new UsageHeaders(PageId.ANY);

  /** A limit used up to here may be the one that was reached. */
  private static final int MUCH = 90;

  /** A limit used no further than this is not the one that was reached. */
  private static final int LITTLE = 50;

  private static final int MAX_PERCENT = 100_000;
  private static final Set<String> PERCENTS =
      Set.of("call_count", "total_time", "total_cputime", "call_volume", "cpu_time");
  private static final Pattern NUMBER =
      Pattern.compile("\\s*\"?(\\d{1,18})(?:\\.\\d+)?\\s*%?\"?\\s*");
  // Streaming, since the documentation's own example repeats a key; a tree would drop one of them.
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

  private final Map<UsageScope, Integer> percents = new EnumMap<>(UsageScope.class);
  private Duration regain = Duration.ZERO;
  private Duration retryAfter = Duration.ZERO;
  private final String page;

  /** Asked as the app: whatever limit is reported, there is no Page to hold back for it. */
  private final boolean asApp;

  private int percentOfPage;
  private Duration regainOfPage = Duration.ZERO;

  private UsageHeaders(PageId page) {
    this.page = page.toString();
    this.asApp = page.isAny();
  }

  /**
   * Reads what can be read; never throws.
   *
   * @param page the one that was asked for; {@link PageId#ANY} if the call was made as the app
   */
  static UsageHeaders of(
      Iterable<Map.Entry<String, String>> headers, PageId page, InstantSource clock) {
    UsageHeaders usage = new UsageHeaders(page);
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      UsageScope scope = UsageScope.of(name);
      if (scope != null) {
        usage.readUsage(scope, header.getValue());
      } else if (name.equals("retry-after")) {
        usage.readRetryAfter(header.getValue().strip(), clock);
      }
    }
    return usage;
  }

  /** The highest percentage of any kind, perhaps over 100. */
  OptionalInt percent(UsageScope scope) {
    Integer percent = percents.get(scope);
    return percent == null ? OptionalInt.empty() : OptionalInt.of(percent);
  }

  /** Whether any limit is nearly used up. */
  boolean isHigh() {
    return percents.values().stream().anyMatch(percent -> percent >= MUCH);
  }

  /** The same without the names of headers: the limit of a business counts as its Page's. */
  Usage usage() {
    if (asApp) {
      int highest =
          percents.values().stream().mapToInt(Integer::intValue).max().orElse(Usage.NOT_REPORTED);
      return new Usage(highest, Usage.NOT_REPORTED);
    }
    return new Usage(
        percents.getOrDefault(UsageScope.APP, Usage.NOT_REPORTED),
        Math.max(
            percents.getOrDefault(UsageScope.PAGE, Usage.NOT_REPORTED),
            percents.getOrDefault(UsageScope.BUSINESS, Usage.NOT_REPORTED)));
  }

  /** The longest time until calls work again; zero if nothing is said. */
  Duration regain() {
    return longer(regain, retryAfter);
  }

  /**
   * As {@link #regain}, but if something is said about the Page itself, what is said about others
   * is left out.
   */
  Duration regainOfPage() {
    return regainOfPage.isZero() ? regain() : longer(regainOfPage, retryAfter);
  }

  /** Whether the limit that was reached is the Page's own, and not the app's. */
  boolean pointsAtPage() {
    return !asApp
        && (percentOfPage >= MUCH || !regainOfPage.isZero())
        && percents.getOrDefault(UsageScope.APP, 0) < LITTLE;
  }

  /** What {@code Retry-After} says; zero if nothing is said. */
  Duration retryAfter() {
    return retryAfter;
  }

  private void readUsage(UsageScope scope, String value) {
    if (NUMBER.matcher(value).matches()) {
      percent(scope, scope == UsageScope.PAGE, value);
      return;
    }
    // As a list, since a proxy may join repeated headers by commas.
    try (JsonParser json = JSON.createParser("[" + value + "]")) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        String name = token.isScalarValue() ? json.currentName() : null;
        if (name != null && PERCENTS.contains(name)) {
          percent(scope, isOfPage(scope, json), json.getText());
        } else if (name != null && name.equals("estimated_time_to_regain_access")) {
          long minutes = Math.min(number(json.getText()), LONGEST_WAIT.toMinutes());
          Duration wait = Duration.ofMinutes(Math.max(minutes, 0));
          regain = longer(regain, wait);
          regainOfPage = isOfPage(scope, json) ? longer(regainOfPage, wait) : regainOfPage;
        }
      }
    } catch (IOException e) {
      // A garbled header says no more than what was read of it so far.
    }
  }

  /** Business limits are keyed by the Page, or by whatever else they are counted for. */
  private boolean isOfPage(UsageScope scope, JsonParser json) {
    JsonStreamContext within = json.getParsingContext();
    while (scope == UsageScope.BUSINESS
        && within != null
        && !page.equals(within.getCurrentName())) {
      within = within.getParent();
    }
    return scope != UsageScope.APP && within != null;
  }

  private void percent(UsageScope scope, boolean ofPage, String text) {
    long percent = Math.min(number(text), MAX_PERCENT);
    if (ofPage) {
      percentOfPage = Math.max(percentOfPage, (int) percent);
    }
    if (percent >= 0) {
      percents.merge(scope, (int) percent, Math::max);
    }
  }

  private void readRetryAfter(String value, InstantSource clock) {
    long seconds = number(value);
    Duration wait = Duration.ZERO;
    if (seconds >= 0) {
      wait = Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds()));
    } else {
      try {
        wait =
            Duration.between(
                clock.instant(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
      } catch (DateTimeParseException e) {
        // neither form: nothing is said
      }
    }
    retryAfter = longer(retryAfter, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }

  private static long number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
