package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;

/** What the answer to one operation of a batch comes to, and what it means for the others. */
class BatchAnswerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OK = element(200, "{\"data\":[]}");
  private static final String GONE =
      "Unsupported get request. Object with ID '20' does not exist, cannot be loaded due to missing"
          + " permissions, or does not support this operation.";

  private final ManualTicker ticker = new ManualTicker();
  private final Batches batches = new Batches(ticker);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":[{\"id\":\"9007199254740995\",\"page\":{\"id\":\"100\"}}]}",
        "{\"data\":[{\"id\":9007199254740995,\"page\":{\"id\":100}}],\"paging\":{}}",
        "{\"data\":[{\"id\":\"9007199254740995\",\"page\":{\"name\":\"x\",\"id\":\"100\"},\"x\":1}],"
            + "\"paging\":{\"cursors\":{\"before\":\"a\",\"after\":\"b\"}}}",
        "{\"data\":[{\"id\":\"9007199254740995\",\"page\":{\"id\":\"100\"}}],\"paging\":null,\"error\":null}",
        "{\"data\":[{\"id\":\"9007199254740995\",\"page\":{\"id\":\"100\"}}],\"paging\":[]}",
        "{\"data\":[{\"id\":\"9007199254740995\",\"page\":{\"id\":\"100\"}}],\"paging\":{\"next\":null}}"
      })
  void rows_countForThePageTheyName_whateverTheShape(String body) {
    Matched matched = batches.read(element(200, body));
    assertThat(matched.matches())
        .containsExactly(new Match(20, new PageId(100), 9007199254740995L));
    assertThat(matched.complete()).containsExactly(20);
    assertThat(matched.returned()).isEqualTo(1);
    assertNothingElse(matched);
  }

  @Test
  void rows_mayRepeatThemselves_andAreCountedAsOftenAsTheyCome() {
    Matched matched = batches.read(element(200, data(row(7, 100), row(8, 200), row(7, 100))));
    assertThat(matched.matches())
        .containsExactly(new Match(20, new PageId(100), 7), new Match(20, new PageId(200), 8));
    assertThat(matched.returned()).isEqualTo(3);
    assertThat(matched.complete()).containsExactly(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"data":[{"id":"7","page":{"id":"100"}},{"id":"8","page":{"id":"100"}}]} | 2
          {"data":[{"id":"7","page":{"id":"100"}},{"id":"8"}]}                     | 2
          {"data":[{"id":"7","page":{"name":"x"}}]}                                | 1
          {"data":[{"id":"7","page":"100"}]}                                       | 1
          {"data":[{"id":"7","page":{"id":"0100"}}]}                               | 1
          {"data":[{"id":"7","page":{"id":100.0}}]}                                | 1
          {"data":[{"id":"7x","page":{"id":"100"}}]}                               | 0
          {"data":[{"id":-7,"page":{"id":"100"}}]}                                 | 0
          {"data":[{"id":7.0,"page":{"id":"100"}}]}                                | 0
          {"data":[{"id":true,"page":{"id":"100"}}]}                               | 0
          {"data":[{"id":"9223372036854775808","page":{"id":"100"}}]}              | 0
          {"data":[{"page":{"id":"100"}},{"id":"7","page":{"id":"200"}}]}          | 1
          {"data":[null]}                                                          | 0
          {"data":[[]]}                                                            | 0
          {"data":["7"]}                                                           | 0
          {"data":{}}                                                              | 0
          {"data":null}                                                            | 0
          {"data":[],"data":[]}                                                    | 0
          {"paging":{}}                                                            | 0
          {}                                                                       | 0
          []                                                                       | 0
          7                                                                        | 0
          <html></html>                                                            | 0
          {"data":[                                                                | 0
          {"data":[]} {"data":[]}                                                  | 0
          {"data":[],"error":true}                                                 | 0
          {"data":[],"error":{"code":2,"type":"OAuthException","message":"x"}}     | 0
          """)
  void operation_hasNoAnswer_whenItsBodyIsGarbled(String body, int returned) {
    Matched matched = batches.read(element(200, body), OK);
    assertThat(matched.matches()).isEmpty();
    assertThat(matched.complete()).containsExactly(30);
    assertThat(matched.returned()).isEqualTo(returned);
    assertNothingElse(matched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "\"x\"",
        "[]",
        "{}",
        "{\"code\":200}",
        "{\"code\":200,\"body\":null}",
        "{\"code\":\"x\",\"body\":\"{\\\"data\\\":[]}\"}",
        "{\"code\":200.0,\"body\":\"{\\\"data\\\":[]}\"}",
        "{\"body\":\"{\\\"data\\\":[]}\"}",
        "{\"code\":201,\"body\":\"{\\\"data\\\":[]}\"}",
        "{\"code\":302,\"body\":\"{\\\"data\\\":[]}\"}",
        "{\"code\":500,\"body\":\"\"}",
        "{\"code\":400,\"body\":\"<html>\"}"
      })
  void operation_hasNoAnswer_whenItsElementIsNone(String element) {
    Matched matched = batches.read(element, OK);
    assertThat(matched.complete()).containsExactly(30);
    assertNothingElse(matched);
    assertThat(batches.operations("unanswered")).isEqualTo(1);
  }

  @Test
  void operations_haveNoAnswer_whenTheListIsTooShort() {
    assertThat(batches.read(List.of(OK), 20, 30, 40).complete()).containsExactly(20);
    assertThat(batches.read(List.of(), 20, 30).complete()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"cursors":{"after":"QVFI+/=~!"},"next":"https://x/?after=other"} | QVFI+/=~!
          {"cursors":{"after":"a"},"next":7}                               | a
          {"cursors":{"after":""},"next":"https://x"}                      |
          {"cursors":{"after":"a b"},"next":"https://x"}                   |
          {"cursors":{"after":"\\u00e9"},"next":"https://x"}               |
          {"cursors":{"after":"a\\n"},"next":"https://x"}                  |
          {"cursors":{"after":7},"next":"https://x"}                       |
          {"cursors":{"after":"sent"},"next":"https://x"}                  |
          {"cursors":{},"next":"https://x"}                                |
          {"next":"https://x"}                                             |
          {"next":""}                                                      |
          ["next"]                                                         |
          "next"                                                           |
          """)
  void further_isTheCursor_andRowsAreKept_whenThereIsANextPage(String paging, String cursor) {
    String body = "{\"data\":[" + row(7, 100) + "],\"paging\":" + paging + "}";
    Matched matched = batches.readAfter("sent", element(200, body));
    assertThat(matched.matches()).containsExactly(new Match(20, new PageId(100), 7));
    assertThat(matched.complete()).isEmpty();
    assertThat(matched.further()).isEqualTo(cursor == null ? Map.of() : Map.of(20L, cursor));
  }

  @Test
  void further_isTheCursor_whenAPageIsEmpty() {
    String paging = "{\"data\":[],\"paging\":{\"cursors\":{\"after\":\"%s\"},\"next\":\"x\"}}";
    assertThat(batches.read(element(200, paging.formatted("c"))).further())
        .containsExactly(Map.entry(20L, "c"));
    assertThat(batches.read(element(200, paging.formatted("c".repeat(1024)))).further()).hasSize(1);
    assertThat(batches.read(element(200, paging.formatted("c".repeat(1025)))).further()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | 4     | (#4) Application request limit reached             | THROTTLED_APP
          400 | 17    | x                                                  | THROTTLED_APP
          400 | 32    | (#32) Page request limit reached                   | THROTTLED_APP
          400 | 341   | x                                                  | THROTTLED_APP
          400 | 368   | x                                                  | THROTTLED_APP
          400 | 613   | x                                                  | THROTTLED_APP
          400 | 80001 | x                                                  | THROTTLED_APP
          500 | 4     | x                                                  | THROTTLED_APP
          200 | 4     | x                                                  | THROTTLED_APP
          200 | 32    | x                                                  | THROTTLED_APP
          429 | 2     | x                                                  | THROTTLED_APP
          400 | 12    | x                                                  | RETIRED
          400 | 2635  | x                                                  | RETIRED
          400 | 2500  | Unknown path components: /ids_for_pages            | MISADDRESSED
          400 | 803   | Some of the aliases you requested do not exist: v2.0 | MISADDRESSED
          """)
  void error_stopsAllCalls_whenItConcernsThem_andTheOthersCount(
      int status, int code, String message, UpstreamError expected) {
    Matched matched = batches.read(error(status, code, null, message), OK);
    assertThat(matched.stop()).map(Refused::error).contains(expected);
    assertThat(matched.stop().orElseThrow().rejected().asids()).isEmpty();
    assertThat(matched.stop().orElseThrow().detail())
        .startsWith("status=" + status + " code=" + code)
        .doesNotContain(" x", "access token", "Unknown");
    assertThat(matched.complete()).containsExactly(30);
    assertThat(matched.refused()).isEmpty();
    assertThat(matched.missing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          190 | The access token could not be decrypted
          102 | x
          104 | x
          101 | x
          100 | Invalid appsecret_proof provided in the API argument
          """)
  void rejectedToken_stopsAllCalls_unlessItIsAcceptedForOthers(int code, String message) {
    String rejected = error(400, code, null, message);
    assertThat(batches.read(rejected, rejected).stop())
        .map(Refused::error)
        .contains(UpstreamError.APP_SECRET);

    Matched beside = batches.read(rejected, OK);
    assertThat(beside.stop()).isEmpty();
    assertThat(beside.refused()).containsExactly(20);
    assertThat(beside.complete()).containsExactly(30);
  }

  @Test
  void error_isHeeded_inTheFormOfOldServices() {
    String old = "{\"error_code\":4,\"error_msg\":\"Application request limit reached\"}";
    assertThat(batches.read(element(200, old), OK).stop())
        .map(Refused::error)
        .contains(UpstreamError.THROTTLED_APP);
  }

  @Test
  void throttle_saysHowLong_fromTheHeadersOfElements() {
    Matched matched =
        batches.read(
            OK,
            "{\"code\":429,\"headers\":[{\"name\":\"X-Business-Use-Case-Usage\",\"value\":"
                + "\"{\\\"1\\\":[{\\\"estimated_time_to_regain_access\\\":7}]}\"}]}");
    Refused stop = matched.stop().orElseThrow();
    assertThat(stop.error()).isEqualTo(UpstreamError.THROTTLED_APP);
    assertThat(stop.regainAfter()).contains(Duration.ofMinutes(7));
    assertThat(batches.operations("throttled")).isEqualTo(1);
    assertThat(batches.operations("answered")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 10, 200, 299})
  void permission_stopsAllCalls_unlessAnOperationWasAnswered(int code) {
    String denied = error(403, code, null, "x");
    Matched none = batches.read(denied, denied);
    assertThat(none.stop()).map(Refused::error).contains(UpstreamError.PERMISSION);
    assertThat(none.refused()).isEmpty();
    Matched some = batches.read(denied, OK);
    assertThat(some.stop()).isEmpty();
    assertThat(some.refused()).containsExactly(20);
    assertThat(some.complete()).containsExactly(30);
  }

  @ParameterizedTest
  @CsvSource({"100", "105", "110", "114", "210", "803"})
  void error_refusesTheIdAlone_whenItHasAReasonOfItsOwn(int code) {
    Matched matched = batches.read(error(400, code, null, "A page access token, or so"), OK);
    assertThat(matched.refused()).containsExactly(20);
    assertThat(matched.stop()).isEmpty();
    assertThat(matched.complete()).containsExactly(30);
    Matched failed = batches.read(error(500, code, null, "x"), OK);
    assertNothingElse(failed);
  }

  @ParameterizedTest
  @CsvSource({"400,1", "500,2", "400,1150", "500,10", "400,99999", "200,2"})
  void error_isNoAnswer_whenItIsTransientOrUnknown(int status, int code) {
    String reduce = "Please reduce the amount of data you're asking for";
    for (String message : List.of("x", code == 1 ? reduce : "y")) {
      Matched matched = batches.read(error(status, code, null, message), OK);
      assertThat(matched.complete()).containsExactly(30);
      assertNothingElse(matched);
    }
  }

  @Test
  void stop_isTheGravest_whenSeveralCompete() {
    String[] elements = {
      error(400, 10, null, "x"),
      error(400, 2500, null, "Unknown path components: /x"),
      error(400, 12, null, "x"),
      error(400, 4, null, "x"),
      error(400, 190, null, "x")
    };
    UpstreamError[] expected = {
      UpstreamError.PERMISSION,
      UpstreamError.MISADDRESSED,
      UpstreamError.RETIRED,
      UpstreamError.THROTTLED_APP,
      UpstreamError.APP_SECRET
    };
    for (int i = 0; i < elements.length; i++) {
      List<String> forwards = Arrays.asList(elements).subList(0, i + 1);
      List<String> backwards = new ArrayList<>(forwards);
      Collections.reverse(backwards);
      for (List<String> batch : List.of(forwards, backwards)) {
        assertThat(batches.read(batch.toArray(String[]::new)).stop())
            .map(Refused::error)
            .contains(expected[i]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          33 | Object with ID '20' does not exist                                  | true
             | Unsupported get request. Object with ID '20' does not exist.         | true
          33 | Object with ID "20" does not exist                                   | true
          33 | Object with ID 20 does not exist                                     | true
          33 | Object with ID '21' does not exist                                   | false
          33 | Object with ID '2' does not exist                                    | false
          33 | Object with ID '20,30' does not exist                                | false
          33 | Object with ID '20' and object with ID '30' does not exist           | false
          33 | Object with ID '20' cannot be loaded                                 | false
          33 | Unsupported get request. Please read the documentation, 20           | false
          33 | Person 20 does not exist                                             | false
          34 | Object with ID '20' does not exist                                   | false
          """)
  void missing_isOnlyAnIdThatIsNamed(Integer subcode, String message, boolean missing) {
    Matched matched = batches.read(error(400, 100, subcode, message), OK);
    assertThat(matched.missing()).containsExactly(missing ? new long[] {20} : new long[0]);
    assertThat(matched.refused()).isEmpty();
    assertThat(matched.stop()).isEmpty();
    assertThat(matched.complete()).containsExactly(30);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"code\":500,\"body\":\"\"}",
        "{\"code\":200,\"body\":\"{}\"}",
        "{\"code\":200,\"body\":\"{\\\"data\\\":[7]}\"}",
        "{\"code\":429,\"body\":\"\"}",
        "#1",
        "#2",
        "#4",
        "#17",
        "#32",
        "#341",
        "#368",
        "#613",
        "#80001"
      })
  void missing_isNotBelieved_besideTrouble(String trouble) {
    String beside =
        trouble.startsWith("#")
            ? error(400, Integer.parseInt(trouble.substring(1)), null, "x")
            : trouble;
    assertThat(batches.read(gone(), OK, beside).missing()).isEmpty();
    assertThat(batches.read(gone(), OK, error(400, 110, null, "x")).missing()).containsExactly(20);
    assertThat(batches.read(List.of(gone(), OK), 20, 30, 40).missing()).isEmpty(); // cut short
  }

  @Test
  void missing_isNotBelieved_whenUsageIsHigh() {
    String used =
        "{\"code\":200,\"headers\":[{\"name\":\"X-App-Usage\",\"value\":\"{\\\"total_time\\\":%d}\"}],"
            + "\"body\":{\"data\":[]}}";
    assertThat(batches.read(gone(), used.formatted(90)).missing()).isEmpty();
    assertThat(batches.read(gone(), used.formatted(89)).missing()).containsExactly(20);
  }

  @Test
  void missing_isBelieved_whileAnAnswerIsRecent() {
    assertThat(batches.read(gone()).missing()).isEmpty();
    batches.read(OK);
    ticker.advance(Duration.ofSeconds(60));
    assertThat(batches.read(gone()).missing()).containsExactly(20);
    ticker.advance(Duration.ofNanos(1));
    assertThat(batches.read(gone()).missing()).isEmpty();
    assertThat(batches.operations("missing")).isEqualTo(1);
  }

  private static void assertNothingElse(Matched matched) {
    assertThat(matched.further()).isEmpty();
    assertThat(matched.missing()).isEmpty();
    assertThat(matched.refused()).isEmpty();
    assertThat(matched.stop()).isEmpty();
  }

  static String gone() {
    return error(400, 100, 33, GONE);
  }

  static String row(long psid, long page) {
    return "{\"id\":\"" + psid + "\",\"page\":{\"id\":\"" + page + "\"}}";
  }

  static String data(String... rows) {
    return "{\"data\":[" + String.join(",", rows) + "]}";
  }

  static String element(int status, String body) {
    return JSON.createObjectNode().put("code", status).put("body", body).toString();
  }

  static String error(int status, int code, Integer subcode, String message) {
    ObjectNode error =
        JSON.createObjectNode().put("message", message).put("type", "OAuthException");
    error.put("code", code);
    if (subcode != null) {
      error.put("error_subcode", subcode);
    }
    return element(status, JSON.createObjectNode().set("error", error).toString());
  }
}
