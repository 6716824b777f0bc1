package org.psidgateway.api.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;

/** What each fate of an id makes of the whole request. */
class DoorAnswerTest {
  private static final String LEFT_OUT = "left out";

  /** Code, status, and whether it is transient. */
  private static final Map<Fate, String> EXPECTED = new EnumMap<>(Fate.class);

  static {
    List.of(Fate.NOT_RETURNED_BY_UPSTREAM, Fate.ERASED)
        .forEach(fate -> EXPECTED.put(fate, LEFT_OUT));
    List.of(Fate.MALFORMED, Fate.REJECTED_BY_UPSTREAM, Fate.REFUSED_ALONE, Fate.APP_SECRET_REJECTED)
        .forEach(fate -> EXPECTED.put(fate, "100 400 false"));
    EXPECTED.put(Fate.TOKEN_INVALID, "190 400 false");
    EXPECTED.put(Fate.WINDOW_CLOSED, "12 400 false");
    List.of(Fate.PAGE_PAUSED, Fate.PERMISSION_DENIED, Fate.NOT_KNOWN)
        .forEach(fate -> EXPECTED.put(fate, "10 403 false"));
    EXPECTED.put(Fate.QUOTA_EXHAUSTED, "4 403 false");
    List.of(Fate.COOLING_DOWN, Fate.QUEUE_FULL, Fate.QUOTA_RESERVED)
        .forEach(fate -> EXPECTED.put(fate, "4 403 true"));
    List.of(Fate.QUEUED, Fate.UPSTREAM_UNAVAILABLE, Fate.STORE_UNAVAILABLE)
        .forEach(fate -> EXPECTED.put(fate, "2 500 true"));
  }

  private static Answers sheet(Fate other) {
    Answers answers = new Answers(new long[] {1, 2, 3});
    answers.answer(0, 11, Source.CACHE);
    answers.close(1, other);
    answers.answer(2, 33, Source.STORE);
    return answers;
  }

  private static GraphRefusal refused(Answers answers, String ids) {
    return catchThrowableOfType(
        GraphRefusal.class, () -> DoorAnswer.of(answers, AskedIds.of(ids), false));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MAPPED")
  void answer_isWhatGraphWouldSay(Fate fate) {
    Answers answers = sheet(fate);
    if (EXPECTED.get(fate).equals(LEFT_OUT)) {
      assertThat(DoorAnswer.of(answers, AskedIds.of("1,2,3"), false))
          .hasToString("{\"1\":{\"id\":\"11\"},\"3\":{\"id\":\"33\"}}");
      return;
    }
    GraphError error = refused(answers, "1,2,3").error();
    assertThat(error.code() + " " + error.status() + " " + error.isTransient())
        .isEqualTo(EXPECTED.get(fate));
    JsonObject body = new JsonObject(error.body(List.of(), "t")).getJsonObject("error");
    assertThat(body.getInteger("code")).isEqualTo(error.code());
    assertThat(body.getBoolean("is_transient")).isEqualTo(error.isTransient());
    assertThat(body.getString("fbtrace_id")).isEqualTo("t");
    assertThat(body.getString("type"))
        .isEqualTo(fate == Fate.APP_SECRET_REJECTED ? "GraphMethodException" : "OAuthException");
    assertThat(body.containsKey("error_data")).isFalse();
  }

  @Test
  void badIds_areListed_unlessIgnored() {
    Answers answers = sheet(Fate.REJECTED_BY_UPSTREAM);
    GraphRefusal refusal = refused(answers, "1,2,3,77x");
    assertThat(refusal.invalidIds()).containsExactly("77x", "2");
    assertThat(refusal.error().body(refusal.invalidIds(), "t").toString())
        .contains("\"error_data\":{\"invalid_ids\":[\"77x\",\"2\"]}");
    assertThat(DoorAnswer.of(answers, AskedIds.of("1,2,3,77x"), true))
        .hasToString("{\"1\":{\"id\":\"11\"},\"3\":{\"id\":\"33\"}}");
  }

  @Test
  void ofSeveralErrors_theOneThatWaitingDoesNotHealCounts() {
    assertThat(refused(sheet(Fate.QUEUED), "1,2,3,x").error()).isEqualTo(GraphError.IDS_INVALID);
    assertThat(refused(sheet(Fate.TOKEN_INVALID), "1,2,3,x").error())
        .isEqualTo(GraphError.TOKEN_REFUSED);
    Answers answers = new Answers(new long[] {1, 2});
    answers.close(0, Fate.QUEUED);
    answers.close(1, Fate.QUOTA_EXHAUSTED);
    assertThat(refused(answers, "1,2").error()).isEqualTo(GraphError.QUOTA_EXHAUSTED);
  }
}
