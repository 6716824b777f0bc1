package org.psidgateway.api.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.psidgateway.api.door.DoorParameters.IDS;
import static org.psidgateway.api.door.DoorParameters.IGNORE;
import static org.psidgateway.api.door.DoorParameters.TIME;
import static org.psidgateway.api.door.DoorParameters.TOKEN;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.problem.Problem;

/** What clients of the Graph API send, and what nobody should. */
class DoorParametersTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private static DoorParameters body(String mediaType, String body) {
    return DoorParameters.read(null, null, mediaType, body.getBytes(StandardCharsets.UTF_8));
  }

  private static GraphError refused(ThrowingCallable call) {
    return catchThrowableOfType(GraphRefusal.class, call).error();
  }

  @Test
  void read_takesFormQueryJsonAndHeader_together() {
    DoorParameters form =
        DoorParameters.read(
            "access_token=T%2B1&locale=de",
            "Basic eDp5",
            FORM + "; charset=UTF-8",
            "user_ids=1%2C2&ignore_invalid_ids=true".getBytes(StandardCharsets.UTF_8));
    assertThat(form.get(TOKEN)).isEqualTo("T+1");
    assertThat(form.get(IDS)).isEqualTo("1,2");
    assertThat(form.get(IGNORE)).isEqualTo("true");

    DoorParameters json =
        DoorParameters.read(
            null,
            "OAuth T",
            "application/json",
            "{\"user_ids\":[\"1\",\"2\"],\"appsecret_time\":1700000000,\"ignore_invalid_ids\":false,\"x\":[]}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(json.get(TOKEN)).isEqualTo("T");
    assertThat(json.get(IDS)).isEqualTo("1,2");
    assertThat(json.get(TIME)).isEqualTo("1700000000");
    assertThat(json.get(IGNORE)).isEqualTo("false");
    assertThat(DoorParameters.read("user_ids=1", "bearer T", null, new byte[0]).get(TOKEN))
        .isEqualTo("T");
  }

  @Test
  void read_takesListsAsClientsWriteThem() {
    assertThat(body(FORM, "user_ids=%5B%221%22%2C%222%22%5D").get(IDS)).isEqualTo("1,2");
    assertThat(body(FORM, "user_ids%5B%5D=1&user_ids%5B%5D=2").get(IDS)).isEqualTo("1,2");
    assertThat(body(FORM, "user_ids[0]=1&user_ids[1]=2").get(IDS)).isEqualTo("1,2");
    assertThat(body("application/json", "{\"user_ids\":null}").get(IDS)).isNull();
    assertThat(body(FORM, "user_ids=+").get(IDS)).isNull();
  }

  @Test
  void read_takesAParameterTwice_onlyIfItSaysTheSame() {
    assertThat(
            DoorParameters.read("access_token=T", "Bearer T", FORM, "access_token=T".getBytes())
                .get(TOKEN))
        .isEqualTo("T");
    assertThat(refused(() -> body(FORM, "access_token=T&access_token=U")))
        .isEqualTo(GraphError.UNREADABLE);
    assertThat(refused(() -> DoorParameters.read("access_token=T", "Bearer U", null, new byte[0])))
        .isEqualTo(GraphError.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "7",
        "{\"user_ids\":12}",
        "{\"user_ids\":[12]}",
        "{\"user_ids\":\"[12]\"}",
        "{\"user_ids\":\"[\"}",
        "{\"user_ids\":{\"a\":1}}",
        "{\"access_token\":[\"T\"]}",
        "{\"user_ids\":\"1\",\"user_ids\":\"2\"}",
        "{\"user_ids\":\"1\"} {}",
        "{\"user_ids\":1e3}"
      })
  void json_isRefused_ifItIsNoObjectOfStrings(String json) {
    assertThat(refused(() -> body("application/json", json))).isEqualTo(GraphError.UNREADABLE);
  }

  @Test
  void deepNesting_isRefused() {
    String deep = "[".repeat(100_000);
    assertThat(refused(() -> body("application/json", "{\"x\":" + deep)))
        .isEqualTo(GraphError.UNREADABLE);
    assertThat(refused(() -> body(FORM, "user_ids=" + deep))).isEqualTo(GraphError.UNREADABLE);
  }

  @Test
  void form_isRefused_ifItIsNotEncoded() {
    for (String form :
        new String[] {"user_ids=%zz", "user_ids=%", "user_ids=%3", "%2=1", "a&".repeat(3000)}) {
      assertThat(refused(() -> body(FORM, form))).as(form).isEqualTo(GraphError.UNREADABLE);
    }
    assertThat(body(FORM, "&&a&=b&user_ids=1=%2C2%2c+3&").get(IDS)).isEqualTo("1=,2, 3");
    assertThat(body(FORM, "access_token=%C3%A4%26").get(TOKEN)).isEqualTo("ä&");
  }

  @Test
  void otherBodies_areUnsupported() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> body("multipart/form-data; boundary=x", "--x"));
    assertThat(problem.status()).isEqualTo(415);
  }

  @Test
  void ids_areDistinct_andTwoHundredAtMost() {
    AskedIds asked = AskedIds.of(" 2,1, ,2,77x,77x,");
    assertThat(asked.toArray()).containsExactly(2, 1);
    assertThat(asked.malformed()).containsExactly("77x");
    assertThat(AskedIds.of("7,".repeat(200)).toArray()).containsExactly(7);
    assertThat(refused(() -> AskedIds.of("7,".repeat(201)))).isEqualTo(GraphError.TOO_MANY_IDS);
    assertThat(refused(() -> AskedIds.of(", ,"))).isEqualTo(GraphError.IDS_MISSING);
    assertThat(refused(() -> AskedIds.of(null))).isEqualTo(GraphError.IDS_MISSING);
  }
}
