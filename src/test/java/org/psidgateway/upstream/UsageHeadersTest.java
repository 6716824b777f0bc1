package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;

class UsageHeadersTest {
  private static final PageId PAGE = new PageId(100);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x-app-usage               | {"call_count":28,"total_time":144,"total_cputime":25} | APP      | 144
          X-APP-USAGE               | {"call_count":28.5,"total_time":"17%"}                | APP      | 28
          X-Page-Usage              | 17%                                                  | PAGE     | 17
          X-Page-Usage              | "17%"                                                | PAGE     | 17
          X-Page-Usage              | {'call_volume':3,'cpu_time':9}                        | PAGE     | 9
          X-Business-Use-Case-Usage | {"1":[{"type":"pages","call_count":1}],"1":[{"call_count":88},{"total_time":90}]} | BUSINESS | 90
          X-Business-Use-Case       | {"1":[{"total_cputime":5}]}                           | BUSINESS | 5
          X-App-Usage               | {"call_count":7,"total_time":                         | APP      | 7
          X-App-Usage               | {"call_count":99999999999999999}                      | APP      | 100000
          X-App-Usage               | 144 %                                                | APP      | 144
          X-App-Usage               | {"call_count":96,"surprise":99,"surprises":{"a":[98]}} | APP    | 96
          X-App-Usage               | {"call_count":{"a":90},"total_time":[91],"total_cputime":12} | APP | 12
          X-Page-Usage              | {"call_count":5,"call_count":61,"call_count":7}       | PAGE     | 61
          X-Page-Usage              | {'call_count':'104%',"total_time":9}                  | PAGE     | 104
          X-Page-Usage              | {"call_count":8}, {"call_count":31},{"call_count":2}  | PAGE     | 31
          X-Page-Usage              | {"call_count":8} rubbish {"call_count":31}            | PAGE     | 8
          X-Business-Use-Case-Usage | {"1":[{"call_count":144}],"2":[{"call_count":3}],"3":[]} | BUSINESS | 144
          x-business-use-case       | {'1':[{'type':'pages','total_time':100}],'1':[]}      | BUSINESS | 100
          X-Business-Use-Case-Usage | {"1":[{"call_count":41},{"call_count":                | BUSINESS | 41
          """)
  void percent_isTheHighest(String name, String value, UsageScope scope, int expected) {
    assertThat(of(name, value).percent(scope)).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``",
        "nonsense",
        "{",
        "}",
        "]",
        "[]",
        "{}",
        "%",
        "-1",
        "call_count=5",
        "<html>17</html>",
        "{\"call_count\":true}",
        "{\"call_count\":null}",
        "{\"call_count\":-4}",
        "{\"call_count\":\"many\"}"
      })
  void percent_isUnknown_whenTheHeaderSaysNothing(String value) {
    assertThat(of("X-App-Usage", value).percent(UsageScope.APP)).isEmpty();
  }

  @Test
  void usage_isOfTheAppAndOfThePage_whereTheWorstOfPageAndBusinessCounts() {
    UsageHeaders both =
        UsageHeaders.of(
            List.of(
                Map.entry("X-App-Usage", "{\"call_count\":0}"),
                Map.entry("X-Page-Usage", "17%"),
                Map.entry("X-Business-Use-Case-Usage", "{\"1\":[{\"call_count\":104}]}")),
            PAGE,
            CLOCK);
    assertThat(both.usage()).isEqualTo(new Usage(0, 104));
    assertThat(of("X-Page-Usage", "17%").usage()).isEqualTo(new Usage(Usage.NOT_REPORTED, 17));
    assertThat(of("X-App-Usage", "17%").usage()).isEqualTo(new Usage(17, Usage.NOT_REPORTED));
    assertThat(of("X-App-Usage", "{}").usage()).isEqualTo(Usage.UNKNOWN);
  }

  @Test
  void regain_isTheLongest_ofAllObjects() {
    String value =
        "{\"1\":[{\"estimated_time_to_regain_access\":5},{\"estimated_time_to_regain_access\":9}],"
            + "\"1\":[{\"estimated_time_to_regain_access\":3}]}";
    assertThat(of("X-Business-Use-Case-Usage", value).regain()).isEqualTo(Duration.ofMinutes(9));
    assertThat(of("x-nothing", value).regain()).isZero();
  }

  @Test
  void regainOfPage_isThePagesOwn_whenOthersHaveToWaitForLonger() {
    String others =
        "{\"100\":[{\"estimated_time_to_regain_access\":5}],"
            + "\"200\":[{\"estimated_time_to_regain_access\":90}]}";
    assertThat(of("X-Business-Use-Case-Usage", others).regainOfPage())
        .isEqualTo(Duration.ofMinutes(5));
    String business = "{\"7\":[{\"estimated_time_to_regain_access\":90}]}";
    assertThat(of("X-Business-Use-Case-Usage", business).regainOfPage())
        .isEqualTo(Duration.ofMinutes(90));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                  | {"100":[{"type":"pages","call_count":107}]}                  | true
          {"call_count":3}   | {"100":[{"type":"pages","total_time":95}]}                   | true
          {"call_count":3}   | {"100":[{"estimated_time_to_regain_access":12}]}             | true
          {"call_count":3}   | {"7":[{"call_count":1}],"100":[{"call_count":100}]}          | true
          {"call_count":3}   | {"7":[{"call_count":100}],"100":[{"call_count":1}]}          | false
          {"call_count":3}   | {"7":[{"call_count":107,"estimated_time_to_regain_access":12}]} | false
          {"call_count":3}   | {"100":[{"call_count":60,"estimated_time_to_regain_access":0}]} | false
          {"call_count":97}  | {"100":[{"call_count":107}]}                                 | false
          {"100":100}        | {"100":100}                                                  | false
          -                  | -                                                            | false
          """)
  void pointsAtPage_whenItsLimitIsReached_andTheAppsIsFar(
      String app, String business, boolean expected) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    if (app != null) {
      headers.add(Map.entry("X-App-Usage", app));
    }
    if (business != null) {
      headers.add(Map.entry("X-Business-Use-Case-Usage", business));
    }
    assertThat(UsageHeaders.of(headers, PAGE, CLOCK).pointsAtPage()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "30,PT30S",
    "0,PT0S",
    "999999999999999999,PT24H",
    "99999999999999999999999,PT0S",
    "-3,PT0S",
    "soon,PT0S",
    "'Mon, 23 Nov 2026 12:01:30 GMT',PT1M30S",
    "'Mon, 23 Nov 2026 11:00:00 GMT',PT0S",
    "'Mon, 23 Nov 2099 11:00:00 GMT',PT24H"
  })
  void retryAfter_isSecondsOrADate(String value, Duration expected) {
    assertThat(of("Retry-After", value).retryAfter()).isEqualTo(expected);
  }

  @Test
  void of_readsEveryLine_whenAHeaderIsRepeated() {
    UsageHeaders usage =
        UsageHeaders.of(
            List.of(
                Map.entry("X-App-Usage", "{\"call_count\":3}"),
                Map.entry("x-app-usage", "{\"call_count\":8}"),
                Map.entry("Retry-After", "3"),
                Map.entry("Retry-After", "2")),
            PAGE,
            CLOCK);
    assertThat(usage.percent(UsageScope.APP)).hasValue(8);
    assertThat(usage.regain()).isEqualTo(Duration.ofSeconds(3));
  }

  private static UsageHeaders of(String name, String value) {
    return UsageHeaders.of(List.of(Map.entry(name, value)), PAGE, CLOCK);
  }
}
