package org.psidgateway.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/** What goes over the wire of a resolve call, in both directions. */
class ResolveWireTest {
  private static final int MAX_IDS = 10_000;
  private final ObjectMapper json = new ObjectMapper();

  private static ResolveRequest parse(byte[] body) throws IOException {
    return ResolveRequestParser.parse(new ByteArrayInputStream(body), MAX_IDS);
  }

  private static ResolveRequest parse(String body) throws IOException {
    return parse(body.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode write(ResolveRequest request, Answers answers) throws IOException {
    return json.readTree(new ResolveAnswer(request, answers).toBuffer(new PageId(100)).getBytes());
  }

  @ParameterizedTest
  @EnumSource(names = "MAPPED", mode = EnumSource.Mode.EXCLUDE)
  void answer_saysWhenToAskAgain_whereThatHelps(Fate fate) throws IOException {
    Answers answers = new Answers(new long[] {7});
    answers.closeRest(fate);
    ResolveRequest request = parse("{\"asids\":[\"7\"]}");
    boolean passes =
        fate.status() == Fate.Status.PENDING
            || fate == Fate.QUEUE_FULL
            || fate == Fate.STORE_UNAVAILABLE;
    assertThat(new ResolveAnswer(request, answers).worthAskingAgain()).isEqualTo(passes);
    JsonNode entry = write(request, answers).at("/unresolved/0");
    assertThat(entry.path("retry_after_seconds").asInt()).isEqualTo(passes ? 1 : 0);
  }

  @Provide
  Arbitrary<List<String>> lists() {
    Arbitrary<String> ids = Arbitraries.longs().between(1, 50).map(String::valueOf);
    Arbitrary<String> large = Arbitraries.longs().greaterOrEqual(1).map(String::valueOf);
    return Arbitraries.oneOf(ids, large, Arbitraries.strings()).list().ofMinSize(1).ofMaxSize(300);
  }

  @Property(tries = 300)
  void everyDistinctString_isInExactlyOnePlace(@ForAll("lists") List<String> asids)
      throws IOException {
    ResolveRequest request = parse(json.writeValueAsBytes(Map.of("asids", asids)));
    Answers answers = new Answers(request.asids());
    for (int i = 0; i < answers.size(); i++) {
      if (answers.asid(i) % 3 == 0) {
        answers.answer(i, answers.asid(i), Source.CACHE);
      } else if (answers.asid(i) % 3 == 1) {
        answers.close(i, Fate.QUEUED);
      } else {
        answers.answer(i, Verdict.REJECTED, Source.UPSTREAM);
      }
    }
    JsonNode body = write(request, answers);

    List<String> answered = new ArrayList<>();
    body.get("mappings").fieldNames().forEachRemaining(answered::add);
    List<String> unresolved = new ArrayList<>();
    body.get("unresolved").forEach(entry -> unresolved.add(entry.get("asid").asText()));
    answered.addAll(unresolved);
    Set<String> distinct = new LinkedHashSet<>(asids);
    assertThat(answered).containsExactlyInAnyOrderElementsOf(distinct);
    List<String> inOrder = new ArrayList<>(distinct);
    inOrder.retainAll(Set.copyOf(unresolved));
    assertThat(unresolved).isEqualTo(inOrder);

    JsonNode summary = body.get("summary");
    assertThat(summary.get("requested").asInt()).isEqualTo(asids.size());
    assertThat(summary.get("distinct").asInt()).isEqualTo(distinct.size());
    assertThat(
            summary.get("mapped").asInt()
                + summary.get("unmapped").asInt()
                + summary.get("invalid").asInt()
                + summary.get("pending").asInt()
                + summary.get("failed").asInt())
        .isEqualTo(distinct.size());
    assertThat(distinct.stream().filter(id -> Ids.parse(id) == Ids.MALFORMED).count())
        .isEqualTo(request.malformed().size());
  }

  @Property(tries = 2000)
  void parse_throwsNothingButProblems_whateverTheBytes(@ForAll byte[] bytes) throws IOException {
    try {
      parse(bytes);
    } catch (Problem e) {
      assertThat(e.status()).isEqualTo(400);
    }
  }

  @Property(tries = 1000)
  void parse_throwsNothingButProblems_whenAnAcceptableBodyIsDamaged(
      @ForAll byte damage, @ForAll("places") int place) throws IOException {
    byte[] body =
        "{\"asids\":[\"1\",\"77x\"],\"mode\":\"known_only\",\"ids_may_be_psids\":true}"
            .getBytes(StandardCharsets.UTF_8);
    body[place % body.length] = damage;
    try {
      assertThat(parse(body).requested()).isPositive();
    } catch (Problem e) {
      assertThat(e.status()).isEqualTo(400);
    }
  }

  @Provide
  Arbitrary<Integer> places() {
    return Arbitraries.integers().between(0, 200);
  }

  @Test
  void parse_readsAllFields() throws IOException {
    ResolveRequest request =
        parse(
            "{\"priority\":\"background\",\"ids_may_be_psids\":true,\"mode\":\"known_only\","
                + "\"asids\":[\"3\",\"9223372036854775807\",\"3\",\"9223372036854775808\"]}");
    assertThat(request.asids()).containsExactly(3, Long.MAX_VALUE);
    assertThat(request.malformed().text(0)).isEqualTo("9223372036854775808");
    assertThat(request.requested()).isEqualTo(4);
    assertThat(request.lane()).isEqualTo(Lane.BACKGROUND);
    assertThat(request.knownOnly()).isTrue();
    assertThat(request.idsMayBePsids()).isTrue();
  }

  @Test
  void parse_convertsInteractively_byDefault() throws IOException {
    ResolveRequest request = parse("{\"asids\":[\"1\"]}");
    assertThat(request.lane()).isEqualTo(Lane.INTERACTIVE);
    assertThat(request.knownOnly()).isFalse();
    assertThat(request.idsMayBePsids()).isFalse();
  }

  @Test
  void parse_prefersTooLarge_whenTheBodyIsAlsoMalformed() {
    assertThatThrownBy(() -> parse("{\"asids\":[" + "1,".repeat(MAX_IDS) + "1"))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.type()).isEqualTo(ProblemType.BATCH_TOO_LARGE);
              assertThat(problem.extensions()).containsEntry("received_ids", MAX_IDS + 1);
            });
  }

  @Test
  void answer_survives_whenAnIdIsHalfACharacterOrVeryLong() throws IOException {
    ResolveRequest request =
        parse("{\"asids\":[\"\\ud800\",\"\\u0000\\\"\\\\\",\"" + "x".repeat(5000) + "\"]}");
    JsonNode unresolved = write(request, new Answers(request.asids())).get("unresolved");
    assertThat(unresolved.get(0).get("asid").asText()).isEqualTo("\ud800");
    assertThat(unresolved.get(1).get("asid").asText()).isEqualTo("\0\"\\");
    assertThat(unresolved.get(2).get("asid").asText()).hasSize(ResolveAnswer.MAX_ECHO + 1);
  }

  @Property
  void number_isWrittenAsJavaDoes(@ForAll("positive") long value) {
    assertThat(new JsonBytes(1).number(value).toBuffer().toString())
        .isEqualTo(String.valueOf(value));
  }

  @Provide
  Arbitrary<Long> positive() {
    return Arbitraries.longs().greaterOrEqual(0);
  }
}
