package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.upstream.Outcome.Matched;

/** Whatever comes back, nothing is made of it that was not said. */
class BatchPropertyTest {
  private final Batches batches = new Batches(new ManualTicker());

  @Property
  void decode_neverThrows_onAnyBytes(@ForAll byte[] body, @ForAll("statuses") int status) {
    Outcome outcome = batches.read(Question.of(PageId.ANY, new long[] {20, 30}), status, body);
    assertThat(outcome).isNotNull();
  }

  @Property
  void decode_saysNothing_onAnyJsonLikeText(@ForAll("jsonLike") String body) {
    if (batches.read(200, "[" + body + "]", 20, 30) instanceof Matched matched) {
      // None of the tokens says that there is no more, or that somebody does not exist.
      assertThat(matched.complete()).isEmpty();
      assertThat(matched.missing()).isEmpty();
      assertThat(matched.matches()).isEmpty();
    }
  }

  /** Elements of which it is known what they say, in any mix. */
  @Property
  void decode_isAsSaid_byEachElementAlone(@ForAll("kinds") List<Kind> kinds) {
    List<String> elements = new ArrayList<>();
    List<Long> complete = new ArrayList<>();
    List<Long> missing = new ArrayList<>();
    long[] asids = new long[kinds.size()];
    for (int i = 0; i < asids.length; i++) {
      asids[i] = 20 + i;
      elements.add(kinds.get(i).element(asids[i]));
      if (kinds.get(i) == Kind.WHOLE) {
        complete.add(asids[i]);
      } else if (kinds.get(i) == Kind.GONE) {
        missing.add(asids[i]);
      }
    }
    Matched matched = new Batches(new ManualTicker()).read(elements, asids);
    boolean doubtful = kinds.contains(Kind.GARBLED) || complete.isEmpty();
    assertThat(matched.complete()).containsExactly(array(complete));
    assertThat(matched.missing()).containsExactly(doubtful ? new long[0] : array(missing));
  }

  @Property
  void decode_isNotComplete_whenAnElementIsCutAnywhere(@ForAll("cuts") int cut) {
    String body = BatchAnswerTest.data(BatchAnswerTest.row(7, 100));
    String element = BatchAnswerTest.element(200, body.substring(0, cut % body.length()));
    Matched matched = batches.read(element);
    assertThat(matched.complete()).isEmpty();
    assertThat(matched.matches()).isEmpty();
    String whole = "[" + BatchAnswerTest.element(200, body) + "]";
    assertThat(batches.read(200, whole.substring(0, cut % whole.length()), 20))
        .isInstanceOf(Outcome.Uncertain.class);
  }

  enum Kind {
    WHOLE,
    GONE,
    GARBLED,
    FAILED;

    String element(long asid) {
      String gone = "Object with ID '" + asid + "' does not exist";
      return switch (this) {
        case WHOLE -> BatchAnswerTest.element(200, "{\"data\":[]}");
        case GONE -> BatchAnswerTest.error(400, 100, 33, gone);
        case GARBLED -> BatchAnswerTest.element(500, "<html>");
        case FAILED -> BatchAnswerTest.error(400, 110, null, gone);
      };
    }
  }

  private static long[] array(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  @Provide
  Arbitrary<List<Kind>> kinds() {
    return Arbitraries.of(Kind.class).list().ofMinSize(1).ofMaxSize(50);
  }

  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.integers().between(0, 10_000);
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.of(200, 204, 301, 400, 403, 429, 500, 502, 504);
  }

  @Provide
  Arbitrary<String> jsonLike() {
    List<String> tokens =
        Arrays.asList(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"20\"",
            "\"id\"",
            "\"error\"",
            "\"code\":400",
            "\"code\":200",
            "\"body\"",
            "\"message\"",
            "\"headers\"",
            "\"name\"",
            "\"value\"",
            "190",
            "200",
            "null",
            "true",
            "-0.5",
            " ",
            "\"type\":\"x\"",
            "{\"code\":200,\"body\":\"{}\"}",
            "{\"code\":400,\"body\":{\"error\":{\"code\":100}}}",
            "{\"code\":200,\"headers\":[",
            "\"x-app-usage\"",
            "\"retry-after\"");
    return Arbitraries.of(tokens).list().ofMaxSize(16).map(parts -> String.join("", parts));
  }
}
