package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;

class AnswerParserTest {
  private static final long BIG = 9007199254740993L; // 2^53 + 1: the first to die as a double
  private static final long[] ASKED = {BIG, 20, 30};

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"9007199254740993\":{\"id\":\"9007199254740995\"},\"30\":{\"id\":\"7\"}}",
        "{\"30\":{\"id\":\"7\"},\"9007199254740993\":{\"id\":\"9007199254740995\"}}",
        "{\"9007199254740993\":\"9007199254740995\",\"30\":\"7\"}",
        "{\"9007199254740993\":9007199254740995,\"30\":{\"id\":7}}",
        "{\"data\":{\"9007199254740993\":{\"id\":\"9007199254740995\"},\"30\":\"7\"}}",
        "{\"30\":{\"x\":[{\"id\":\"5\"}],\"id\":\"7\",\"y\":{\"id\":\"6\"}},"
            + "\"9007199254740993\":\"9007199254740995\",\"paging\":{\"next\":[1,{}]},\"more\":1}",
        " \n{ \"9007199254740993\" : { \"id\" : 9007199254740995 } , \"30\" : \"7\" } \n"
      })
  void parse_pairsByKey_whateverTheShape(String body) {
    Answered answered = (Answered) parse(200, body);
    assertThat(answered.findings().verdicts())
        .containsExactly(9007199254740995L, Verdict.UNMAPPED, 7);
    assertThat(answered.returned()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"data\":{}}",
        "{\"data\":[]}",
        "{\"paging\":{}}",
        "{\"__x\":{\"a\":1}}"
      })
  void parse_leavesAllOut_whenNothingWasMapped(String body) {
    Answered answered = (Answered) parse(200, body);
    assertThat(answered.findings().verdicts())
        .containsExactly(Verdict.UNMAPPED, Verdict.UNMAPPED, Verdict.UNMAPPED);
    assertThat(answered.returned()).isZero();
  }

  @Test
  void parse_countsAllThatWasPaidFor_repeatsAndStrangersIncluded() {
    Answered answered =
        (Answered) parse(200, "{\"20\":\"7\",\"20\":{\"id\":\"7\"},\"30\":\"7\",\"40\":\"8\"}");
    assertThat(answered.findings().verdicts()).containsExactly(Verdict.UNMAPPED, 7, 7);
    assertThat(answered.returned()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "<html>Sorry, something went wrong</html>",
        "{\"20\":{\"id\":\"7\"},\"30\"",
        "{\"20\":{\"id\":\"7\"}",
        "{\"20\":{\"id\":\"7\"}}<!-- proxy -->",
        "{}{}",
        "[{\"id\":\"7\"}]",
        "[{\"20\":\"7\"},[1,{\"a\":2}]]",
        "{\"data\":[{\"id\":\"7\"}],\"paging\":{}}",
        "{\"data\":null}",
        "\"20\"",
        "20",
        "null",
        "true",
        "{\"success\":true}",
        "{\"id\":\"20\"}",
        "{\"message\":\"maintenance\"}",
        "{\"20\":null}",
        "{\"20\":{}}",
        "{\"20\":[]}",
        "{\"20\":true}",
        "{\"20\":{\"id\":null}}",
        "{\"20\":\"\",\"30\":\"7\"}",
        "{\"20\":\"0\"}",
        "{\"20\":\"007\"}",
        "{\"20\":-7}",
        "{\"20\":7.0}",
        "{\"20\":1.0e3}",
        "{\"20\":\"9223372036854775808\"}",
        "{\"20\":9223372036854775808}",
        "{\"20\":{\"error\":\"x\"},\"30\":\"7\"}",
        "{\"20\":\"7\",\"20\":\"8\"}",
        "{\"error\":\"invalid_request\"}",
        "{\"error\":{}}",
        "{\"error\":null}",
        "{\"error\":true,\"20\":\"7\"}",
        "{\"error\":{\"code\":200,\"message\":\"ok\"}}",
        "{\"code\":200,\"message\":\"OK\"}",
        "{\"code\":5000,\"message\":\"who knows\"}",
        "{\"20\":\"7\",\"error\":{\"code\":4,\"type\":\"OAuthException\",\"message\":\"limit\"}}"
      })
  void parse_isUncertain_whenNotAnAnswer(String body) {
    assertThat(parse(200, body)).isInstanceOf(Uncertain.class);
  }

  @ParameterizedTest
  @CsvSource({"502", "504", "503", "500", "301", "403", "404", "407", "413"})
  void parse_isUncertain_whenAStatusComesWithoutAGraphError(int status) {
    assertThat(parse(status, "<html></html>")).isEqualTo(new Uncertain("http_" + status));
    assertThat(parse(status, "{\"20\":\"7\"}")).isEqualTo(new Uncertain("http_" + status));
    assertThat(parse(status, "")).isEqualTo(new Uncertain("http_" + status));
    String echo = "{\"code\":" + status + ",\"message\":\"gone\"}";
    assertThat(parse(status, echo)).isEqualTo(new Uncertain("http_" + status));
    assertThat(parse(status, "{\"error\":" + echo + "}"))
        .isEqualTo(new Uncertain("http_" + status));
  }

  @Test
  void parse_isAThrottle_when429ComesFromWhomever() {
    UsageHeaders usage =
        UsageHeaders.of(
            Map.of("Retry-After", "17").entrySet(), new PageId(1), InstantSource.system());
    Outcome outcome = AnswerParser.parse(429, bytes("<html>slow down</html>"), ASKED, usage);
    Refused refused = (Refused) outcome;
    assertThat(refused.error()).isEqualTo(UpstreamError.THROTTLED_APP);
    assertThat(refused.regainAfter()).contains(Duration.ofSeconds(17));
    assertThat(refused.rejected().asids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"200", "400", "403", "500", "502"})
  void parse_isRefused_whenAGraphErrorComesUnderAnyStatus(int status) {
    String body =
        "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":190,"
            + "\"error_subcode\":463,\"fbtrace_id\":\"AbC1\"}}";
    Refused refused = (Refused) parse(status, body);
    assertThat(refused.error()).isEqualTo(UpstreamError.TOKEN);
    assertThat(refused.detail())
        .isEqualTo(
            "status=" + status + " code=190 subcode=463 type=OAuthException fbtrace_id=AbC1");
  }

  @Test
  void parse_isRefused_whenTheErrorStandsAtTheTop() {
    assertThat(((Refused) parse(200, "{\"error_code\":613,\"error_msg\":\"m\"}")).error())
        .isEqualTo(UpstreamError.THROTTLED_APP);
    assertThat(((Refused) parse(400, "{\"code\":190,\"message\":\"m\"}")).error())
        .isEqualTo(UpstreamError.TOKEN);
  }

  private static Outcome parse(int status, String body) {
    return AnswerParser.parse(status, bytes(body), ASKED, UsageHeaders.NONE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
