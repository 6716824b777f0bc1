package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;

class UpstreamPropertyTest {

  @Property
  void parse_neverThrows_onAnyBytes(@ForAll byte[] body, @ForAll("statuses") int status) {
    Outcome outcome = AnswerParser.parse(status, body, new long[] {1, 2}, UsageHeaders.NONE);
    assertThat(outcome).isInstanceOfAny(Answered.class, Refused.class, Uncertain.class);
  }

  @Property
  void parse_neverThrows_onAnyJsonLikeText(@ForAll("jsonLike") String body) {
    Outcome outcome =
        AnswerParser.parse(
            200, body.getBytes(StandardCharsets.UTF_8), new long[] {1, 2}, UsageHeaders.NONE);
    assertThat(outcome).isInstanceOfAny(Answered.class, Refused.class, Uncertain.class);
  }

  @Property
  void parse_roundTrips_anyMappingOfAnyIds(
      @ForAll("mappings") Map<Long, Long> truth, @ForAll Random random) {
    long[] asked = truth.keySet().stream().mapToLong(Long::longValue).toArray();
    long[] expected =
        truth.values().stream().mapToLong(psid -> psid == 0 ? Verdict.UNMAPPED : psid).toArray();
    String body = render(truth, random);
    Answered answered =
        (Answered)
            AnswerParser.parse(
                200, body.getBytes(StandardCharsets.UTF_8), asked, UsageHeaders.NONE);
    assertThat(answered.findings().verdicts()).containsExactly(expected);
    assertThat(answered.returned())
        .isEqualTo((int) Arrays.stream(expected).filter(psid -> psid > 0).count());
  }

  @Property
  void parse_isNeverAnAnswer_whenCutAnywhere(
      @ForAll("mappings") Map<Long, Long> truth, @ForAll Random random) {
    long[] asked = truth.keySet().stream().mapToLong(Long::longValue).toArray();
    byte[] body = render(truth, random).getBytes(StandardCharsets.UTF_8);
    byte[] cut = Arrays.copyOf(body, random.nextInt(body.length));
    assertThat(AnswerParser.parse(200, cut, asked, UsageHeaders.NONE))
        .isInstanceOf(Uncertain.class);
  }

  @Property
  void parse_namesOnlyIdsThatWereAsked_onAnyErrorData(@ForAll String data, @ForAll int code)
      throws JsonProcessingException {
    String text = new ObjectMapper().writeValueAsString(data);
    String body = "{\"error\":{\"type\":\"x\",\"code\":" + code + ",\"error_data\":" + text + "}}";
    Refused refused =
        (Refused)
            AnswerParser.parse(
                400, body.getBytes(StandardCharsets.UTF_8), new long[] {1, 2}, UsageHeaders.NONE);
    assertThat(Set.of(1L, 2L))
        .containsAll(Arrays.stream(refused.rejected().asids()).boxed().toList());
  }

  @Property
  void of_neverThrows_onAnyHeader(@ForAll String value) {
    for (String name : List.of("X-App-Usage", "X-Business-Use-Case-Usage", "Retry-After")) {
      UsageHeaders usage =
          UsageHeaders.of(List.of(Map.entry(name, value)), new PageId(1), InstantSource.system());
      assertThat(usage.regain()).isBetween(Duration.ZERO, UsageHeaders.LONGEST_WAIT);
    }
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.of(200, 204, 301, 400, 403, 429, 500, 502, 504);
  }

  @Provide
  Arbitrary<String> jsonLike() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"1\"",
            "\"2\"",
            "\"id\"",
            "\"error\"",
            "\"data\"",
            "\"code\"",
            "\"message\"",
            "\"error_data\"",
            "1",
            "190",
            "null",
            "true",
            "-0.5",
            " ",
            "\"type\":\"x\"")
        .list()
        .ofMaxSize(14)
        .map(tokens -> String.join("", tokens));
  }

  /** 0 for an id that is left out. */
  @Provide
  Arbitrary<Map<Long, Long>> mappings() {
    Arbitrary<Long> ids = Arbitraries.longs().between(1, Long.MAX_VALUE);
    Arbitrary<Long> psids = Arbitraries.oneOf(ids, Arbitraries.just(0L));
    return Arbitraries.maps(ids, psids).ofMaxSize(200);
  }

  private static String render(Map<Long, Long> truth, Random random) {
    List<String> fields = new ArrayList<>();
    truth.forEach(
        (asid, psid) -> {
          if (psid > 0) {
            String id = random.nextBoolean() ? "\"" + psid + "\"" : Long.toString(psid);
            fields.add("\"" + asid + "\":" + (random.nextBoolean() ? id : "{\"id\":" + id + "}"));
          }
        });
    Collections.shuffle(fields, random);
    String mapping = "{" + String.join(",", fields) + "}";
    return random.nextBoolean() ? mapping : "{\"data\":" + mapping + "}";
  }
}
