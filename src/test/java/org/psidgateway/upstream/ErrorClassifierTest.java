package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.PageId;
import org.psidgateway.upstream.Outcome.Refused;

class ErrorClassifierTest {
  private static final long[] ASKED = {20, 30, 10154673853349851L};

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          4      |      | (#4) Application request limit reached                 | THROTTLED_APP
          17     | 2446079 | (#17) User request limit reached                    | THROTTLED_APP
          341    |      | Limite d'application atteinte                          | THROTTLED_APP
          368    |      | deemed abusive                                         | THROTTLED_APP
          613    | 1996 | Calls to this api have exceeded the rate limit.        | THROTTLED_APP
          32     |      | (#32) Page request limit reached                       | THROTTLED_PAGE
          80000  |      | Nope                                                   | THROTTLED_PAGE
          80001  |      | (#80001) There have been too many calls to this Page   | THROTTLED_PAGE
          80014  |      | Nope                                                   | THROTTLED_PAGE
          190    |      | The access token could not be decrypted                | TOKEN
          190    | 463  | Error validating access token: Session has expired     | TOKEN
          102    |      | Session                                                | TOKEN
          104    |      | An access token is required to request this resource.  | TOKEN
          210    |      | (#210) A page access token is required                 | TOKEN
          101    |      | Erreur                                                 | APP_SECRET
          101    |      | Error validating application. Invalid application ID.  | APP_SECRET
          190    |      | Error validating application. Application has been deleted. | APP_SECRET
          1      |      | Error validating client secret.                        | APP_SECRET
          101    |      | Error validating application. Cannot get application info due to a system error. | TRANSIENT
          2500   |      | An active access token must be used to query           | TOKEN
          100    |      | API calls from the server require an appsecret_proof argument   | APP_SECRET
          100    |      | Invalid appsecret_proof provided in the API argument   | APP_SECRET
          190    |      | Invalid appsecret_proof provided in the API argument   | APP_SECRET
          100    |      | (#100) A Page access token is needed                   | TOKEN
          3      |      | Application does not have the capability               | PERMISSION
          5      |      | Unauthorized source IP address                         | PERMISSION
          10     |      | (#10) Not allowed to use this API                      | PERMISSION
          200    |      | (#200) Permissions error                               | PERMISSION
          299    |      | Nope                                                   | PERMISSION
          12     |      | (#12) x is deprecated for versions v7.0 and higher     | RETIRED
          2635   |      | Please update to the latest version: v2.9.             | RETIRED
          2635   |      | You are calling a deprecated version of the Ads API.   | RETIRED
          2500   |      | Unknown path components: /pages_id_mapping             | MISADDRESSED
          803    |      | (#803) Some of the aliases you requested do not exist: pages_id_mapping | MISADDRESSED
          803    |      | (#803) Some of the aliases you requested do not exist: v6.0pages_id_mapping | MISADDRESSED
          803    |      | (#803) Some of the aliases you requested do not exist: graph | MISADDRESSED
          803    |      | (#803) pages_id_mapping does not exist                 | MISADDRESSED
          803    |      | (#803) Some of the aliases you requested do not exist: 20,30 | IDS_UNLISTED
          803    |      | (#803) Some of the aliases you requested do not exist: 20. | IDS_UNLISTED
          100    | 33   | Unsupported post request. Object with ID 'pages_id_mapping' does not exist, cannot be loaded | MISADDRESSED
          100    |      | Unsupported post request. Object with ID 'pages_id_mapping' does not exist | MISADDRESSED
          100    | 33   | Unsupported post request. Object with ID 'v2.7x' does not exist | MISADDRESSED
          100    | 33   | Unsupported post request. Object with ID '77' does not exist | TRANSIENT
          100    |      | Unsupported post request. Object with ID '20' does not exist | TRANSIENT
          100    | 33   | Unsupported post request. Please read the Graph API documentation | TRANSIENT
          100    |      | (#100) Invalid parameter user_ids of pages_id_mapping  | IDS_UNLISTED
          1      |      | An unknown error occurred                              | TRANSIENT
          1      |      | Please reduce the amount of data you're asking for     | TOO_MANY_IDS
          2      |      | Service temporarily unavailable                        | TRANSIENT
          1150   |      | An unknown error occurred.                             | TRANSIENT
          100    | 33   | Unsupported post request. Object with ID '20' does not | TRANSIENT
          100    |      | (#100) Parametre invalide                              | IDS_UNLISTED
          110    |      | Invalid user id                                        | IDS_UNLISTED
          114    |      | Invalid user id list                                   | IDS_UNLISTED
          803    |      | Some of the aliases you requested do not exist         | IDS_UNLISTED
          105    |      | Nope                                                   | TOO_MANY_IDS
          100    |      | user_ids exceeds the maximum limit of 200              | TOO_MANY_IDS
          99999  |      | Etwas ist schiefgegangen                               | TRANSIENT
          2500   |      | Etwas ist schiefgegangen                               | TRANSIENT
                 |      | Too many requests in batch message                     | TRANSIENT
                 |      | App exceeds rate limit                                 | THROTTLED_APP
          77777  |      | A Page access token is required                        | TOKEN
          77777  |      | App or page is not allowed to use this API             | PERMISSION
          """)
  void classify_decidesByCodeThenWords(
      Integer code, Integer subcode, String message, UpstreamError expected) throws Exception {
    Refused refused = refuse(400, error(code, subcode, message, null, null));
    assertThat(refused.error()).isEqualTo(expected);
    assertThat(refused.rejected().asids()).isEmpty();
    assertThat(refused.detail()).doesNotContain(message).startsWith("status=400");
  }

  @ParameterizedTest
  @CsvSource({
    "4,THROTTLED_APP",
    "32,THROTTLED_PAGE",
    "2,TRANSIENT",
    "190,TRANSIENT",
    "200,TRANSIENT",
    "12,TRANSIENT",
    "100,TRANSIENT",
    "99999,TRANSIENT"
  })
  void classify_isTransient_whenFlaggedAndNoThrottle(int code, UpstreamError expected)
      throws Exception {
    Refused refused = refuse(400, error(code, null, "x", true, "[\"20\"]"));
    assertThat(refused.error()).isEqualTo(expected);
    assertThat(refused.rejected().asids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"[\\\"30\\\",\\\"10154673853349851\\\"]\"",
        "\"{\\\"invalid_ids\\\":[30,10154673853349851]}\"",
        "\"30,10154673853349851\"",
        "\"30, 10154673853349851\"",
        "\"{\\\"user_ids\\\":\\\"30,10154673853349851\\\"}\"",
        "[\"30\",\"10154673853349851\"]",
        "[30,10154673853349851]",
        "[{\"id\":\"30\"},{\"id\":\"10154673853349851\"}]",
        "{\"invalid_ids\":[\"30\",\"10154673853349851\"]}",
        "{\"user_ids\":[\"20\",\"30\",\"10154673853349851\"],\"invalid_user_ids\":\"30,10154673853349851\"}",
        "{\"valid_ids\":[\"20\"],\"ids\":[\"30\",\"10154673853349851\",\"40\"]}",
        "{\"30\":\"not an app scoped id\",\"10154673853349851\":{\"reason\":20}}",
        "[\"30\",\"30\",\"40\",\"77x\",\"10154673853349851\"]"
      })
  void classify_namesIdsThatWereAsked_whateverTheForm(String data) throws Exception {
    for (int code : new int[] {100, 110, 114, 77777}) {
      Refused refused = refuse(400, error(code, null, "Invalid ids", null, data));
      assertThat(refused.error()).isEqualTo(UpstreamError.IDS_LISTED);
      assertThat(refused.rejected().asids()).containsExactly(30, 10154673853349851L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"\"",
        "{}",
        "[]",
        "\"{\\\"blame_field_specs\\\":[[\\\"user_ids\\\"]]}\"",
        "\"ids 20 and 30 are bad\"",
        "\"{broken\"",
        "\"[20,\"",
        "[40,50]",
        "20.0",
        "{\"20\":false,\"30\":true}",
        "{\"valid\":[20]}",
        "true",
        "{\"user_ids\":\"20,30,10154673853349851\"}",
        "\"{\\\"user_ids\\\":[\\\"10154673853349851\\\",\\\"30\\\",\\\"20\\\"]}\"",
        "[20,30,10154673853349851]",
        "\"20,30,10154673853349851\"",
        "{\"invalid_parameters\":{\"user_ids\":[20,30,10154673853349851]}}",
        "{\"page_id\":\"20\"}",
        "{\"app_id\":20,\"page_ids\":[30],\"invalid_page_id\":\"20\"}"
      })
  void classify_blamesNobody_whenTheDataNamesNobody(String data) throws Exception {
    Refused refused = refuse(400, error(100, null, "x", null, data));
    assertThat(refused.error()).isEqualTo(UpstreamError.IDS_UNLISTED);
    assertThat(refused.rejected().asids()).isEmpty();
  }

  @Test
  void classify_blamesTheOnlyIdAsked_unlessItIsTheParameterThatIsEchoed() throws Exception {
    for (String data :
        new String[] {"[\"20\"]", "{\"ids\":[20]}", "{\"invalid_user_ids\":\"20\"}"}) {
      assertThat(refuse(new long[] {20}, data).rejected().asids()).as(data).containsExactly(20);
    }
    Refused echoed = refuse(new long[] {20}, "{\"user_ids\":\"20\"}");
    assertThat(echoed.error()).isEqualTo(UpstreamError.IDS_UNLISTED);
    assertThat(echoed.rejected().asids()).isEmpty();
  }

  @Test
  void classify_blamesAllThatWereAsked_whenAWordSaysThatTheyAreInvalid() throws Exception {
    Refused refused = refuse(ASKED, "{\"invalid_ids\":[20,30,10154673853349851],\"page_id\":20}");
    assertThat(refused.rejected().asids()).containsExactly(ASKED);
  }

  @ParameterizedTest
  @CsvSource({
    "4,THROTTLED_PAGE,PT12M",
    "17,THROTTLED_PAGE,PT12M",
    "341,THROTTLED_PAGE,PT12M",
    "613,THROTTLED_PAGE,PT12M",
    "32,THROTTLED_PAGE,PT12M",
    "368,THROTTLED_APP,PT1H"
  })
  void classify_takesAThrottleForThePages_whenTheHeadersPointAtIt(
      int code, UpstreamError expected, Duration wait) throws Exception {
    UsageHeaders usage = usage(0, 107);
    Refused refused = refuse(400, error(code, null, "x", null, null), usage);
    assertThat(refused.error()).isEqualTo(expected);
    assertThat(refused.regainAfter()).contains(wait);
    assertThat(refuse(400, error(99999, null, "rate limit", null, null), usage).error())
        .isEqualTo(UpstreamError.THROTTLED_PAGE);
    assertThat(refuse(429, "<html>", usage).error()).isEqualTo(UpstreamError.THROTTLED_PAGE);
  }

  @Test
  void classify_leavesAThrottleToTheApp_whenItsOwnUseIsHighAsWell() throws Exception {
    Refused refused = refuse(400, error(613, null, "x", null, null), usage(95, 107));
    assertThat(refused.error()).isEqualTo(UpstreamError.THROTTLED_APP);
    assertThat(refused.regainAfter()).contains(Duration.ofHours(1));
  }

  private static UsageHeaders usage(int app, int page) {
    return UsageHeaders.of(
        Map.of(
                "X-App-Usage",
                "{\"call_count\":" + app + ",\"total_time\":0,\"total_cputime\":0}",
                "X-Business-Use-Case-Usage",
                "{\"100\":[{\"type\":\"pages\",\"call_count\":"
                    + page
                    + ",\"estimated_time_to_regain_access\":12}],"
                    + "\"200\":[{\"type\":\"pages\",\"estimated_time_to_regain_access\":60}]}")
            .entrySet(),
        new PageId(100),
        InstantSource.system());
  }

  @Test
  void classify_ignoresTheList_whenTheErrorIsAboutSomethingElse() throws Exception {
    for (int code : new int[] {4, 190, 10, 2, 12}) {
      assertThat(refuse(400, error(code, null, "x", null, "[20]")).rejected().asids()).isEmpty();
    }
    Refused refused = refuse(400, error(100, 33, "x", null, "[20]"));
    assertThat(refused.error()).isEqualTo(UpstreamError.TRANSIENT);
    assertThat(refused.rejected().asids()).isEmpty();
  }

  @Test
  void classify_findsTheWait_whenAThrottleSaysHowLong() throws Exception {
    UsageHeaders usage =
        UsageHeaders.of(
            Map.of(
                    "X-Business-Use-Case-Usage",
                    "{\"1\":[{\"estimated_time_to_regain_access\":5}]}",
                    "retry-after",
                    "30")
                .entrySet(),
            new PageId(100),
            InstantSource.system());
    assertThat(refuse(400, error(32, null, "x", null, null), usage).regainAfter())
        .contains(Duration.ofMinutes(5));
    assertThat(refuse(503, error(2, null, "x", null, null), usage).regainAfter())
        .contains(Duration.ofSeconds(30));
    assertThat(refuse(400, error(190, null, "x", null, null), usage).regainAfter()).isEmpty();
    assertThat(refuse(400, error(32, null, "x", null, null)).regainAfter()).isEmpty();
  }

  @Test
  void classify_keepsIdsOutOfTheDetail_whenTheyStandInOddFields() throws Exception {
    String body =
        "{\"error\":{\"message\":\"20154673853349851\",\"type\":\"User 10154673853349851\","
            + "\"code\":10154673853349851,\"error_subcode\":\"10154673853349851\","
            + "\"fbtrace_id\":\"10154673853349851\"}}";
    assertThat(refuse(400, body).detail()).isEqualTo("status=400");
  }

  private static Refused refuse(long[] asked, String data) throws Exception {
    byte[] body = error(100, null, "Invalid", null, data).getBytes(StandardCharsets.UTF_8);
    return (Refused) AnswerParser.parse(400, body, asked, UsageHeaders.NONE);
  }

  private static Refused refuse(int status, String body) {
    return refuse(status, body, UsageHeaders.NONE);
  }

  private static Refused refuse(int status, String body, UsageHeaders usage) {
    return (Refused)
        AnswerParser.parse(status, body.getBytes(StandardCharsets.UTF_8), ASKED, usage);
  }

  private static String error(
      Integer code, Integer subcode, String message, Boolean isTransient, String data)
      throws Exception {
    StringBuilder error = new StringBuilder("{\"error\":{\"type\":\"OAuthException\"");
    error.append(",\"message\":").append(new ObjectMapper().writeValueAsString(message));
    if (code != null) {
      error.append(",\"code\":").append(code);
    }
    if (subcode != null) {
      error.append(",\"error_subcode\":").append(subcode);
    }
    if (isTransient != null) {
      error.append(",\"is_transient\":").append(isTransient);
    }
    if (data != null) {
      error.append(",\"error_data\":").append(data);
    }
    return error.append("}}").toString();
  }
}
