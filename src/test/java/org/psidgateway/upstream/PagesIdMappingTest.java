package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.upstream.Outcome.Answered;

class PagesIdMappingTest extends UpstreamHarness {
  @Test
  void ask_sendsOneForm_andPairsTheAnswer() {
    server.then(ANSWER);
    Answered answered = (Answered) ask(20, 30);
    assertThat(answered.findings().verdicts()).containsExactly(7, Verdict.UNMAPPED);
    assertThat(answered.returned()).isEqualTo(1);
    String request = server.requests.get(0);
    assertThat(request).startsWith("POST /pages_id_mapping HTTP/1.1\r\n");
    assertThat(request).containsIgnoringCase("content-type: application/x-www-form-urlencoded");
    assertThat(head(request))
        .doesNotContain("ACCESS", "TOKEN")
        .doesNotContainIgnoringCase("authorization");
    assertThat(body(request))
        .isEqualTo("access_token=ACCESS_TOKEN&ignore_invalid_ids=false&user_ids=20%2C30");
  }

  @Test
  void ask_sendsTheProof_whenThereIsASecret() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(URI.create(server.url() + "/graph/")).version("v6.0"),
            Settings.Breaker.NEVER,
            Settings.App.SIGNING);
    server.then(ANSWER);
    ask(20);
    String request = server.requests.get(0);
    assertThat(request).startsWith("POST /graph/v6.0/pages_id_mapping HTTP/1.1\r\n");
    assertThat(body(request))
        .contains(
            "&appsecret_proof=a727796e1b4e9053916f82f7a0b90f240862b289bb3c9ac5ff6e2231e18a491c&");
    assertThat(request).doesNotContain("APP_SECRET");
  }

  @Test
  void tariff_isOneCallPerBatch_andSpendsQuota() {
    assertThat(upstream.tariff()).isEqualTo(Tariffs.PER_BATCH);
  }

  private static String head(String request) {
    return request.substring(0, request.indexOf("\r\n\r\n"));
  }

  private static String body(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }
}
