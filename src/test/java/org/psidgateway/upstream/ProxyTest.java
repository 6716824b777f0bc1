package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Unsent;

/** Calls that leave through an egress proxy. */
class ProxyTest extends UpstreamHarness {
  private ForwardProxy proxy;

  @BeforeEach
  void startProxy() {
    proxy = new ForwardProxy(vertx, server.port());
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
  }

  @Test
  void call_goesThroughATunnel_whenTheUpstreamIsSecure() throws IOException, InterruptedException {
    try (TestKey key = TestKey.trustedByThisJvm()) {
      moveTo(ScriptedServer.secure(vertx, key.options()));
      proxy.close();
      proxy = new ForwardProxy(vertx, server.port());
      through(URI.create("https://127.0.0.1:" + server.port()), Duration.ofSeconds(20));
      server.then(ANSWER);
      assertThat(ask(20)).isInstanceOf(Answered.class);
      assertThat(proxy.lines).containsExactly("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1");
      assertThat(proxy.heard.toString()).doesNotContain("ACCESS_TOKEN", "access_token");
      assertThat(server.requests.get(0)).startsWith("POST /pages_id_mapping HTTP/1.1\r\n");
    }
  }

  @Test
  void call_isHandedOver_whenTheUpstreamIsNotSecure() {
    URI url = URI.create("http://graph.invalid");
    through(url, Duration.ofSeconds(20));
    server.then(ANSWER);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(proxy.lines).containsExactly("POST http://graph.invalid/pages_id_mapping HTTP/1.1");
  }

  @Test
  void call_isUnsent_whenTheProxyRefusesTheTunnel() {
    proxy.refuse("403 Forbidden");
    through(URI.create("https://graph.invalid"), Duration.ofSeconds(20));
    assertThat(ask(20)).isEqualTo(new Unsent("connect_failed"));
  }

  @Test
  void call_isUnsent_whenTheProxyKeepsSilent() {
    proxy.fallSilent();
    through(URI.create("https://graph.invalid"), SHORT);
    assertThat(ask(20)).isEqualTo(new Unsent("connect_timeout"));
    assertThat(timeouts("connect")).isEqualTo(1);
  }

  private void through(URI url, Duration connectTimeout) {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(url).proxy(proxy.url()).connectTimeout(connectTimeout),
            Settings.Breaker.NEVER);
  }
}
