package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the running gateway: only it has all mappings. */
@QuarkusTest
class KnownKeysTest {

  @Inject KnownKeys knownKeys;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway.app.id",
        "gateway.app.secret",
        "gateway.upstream.kind",
        "gateway.upstream.base-url",
        "gateway.upstream.version",
        "gateway.upstream.harvest",
        "gateway.upstream.proof",
        "gateway.upstream.proxy",
        "gateway.upstream.timeout",
        "gateway.upstream.connect-timeout",
        "gateway.retry.max-attempts",
        "gateway.retry.initial-delay",
        "gateway.retry.max-delay",
        "gateway.retry.budget",
        "gateway.breaker.failure-ratio",
        "gateway.breaker.request-volume",
        "gateway.breaker.delay",
        "gateway.cooldown.initial",
        "gateway.cooldown.max",
        "gateway.uncertain.delay",
        "gateway.upstream.batch-size",
        "gateway.upstream.concurrency",
        "gateway.pace.calls",
        "gateway.pace.per",
        "gateway.pace.burst",
        "gateway.pages.\"100\".pace-calls",
        "gateway.pages.\"100\".pace-per",
        "gateway.batch.linger",
        "gateway.batch.max-queued",
        "gateway.quota.ceiling",
        "gateway.quota.fan-share",
        "gateway.quota.uncertain-cap",
        "gateway.quota.reserve-floor",
        "gateway.window.approved-on",
        "gateway.window.length",
        "gateway.window.closed-on",
        "gateway.negative.recheck-after",
        "gateway.cache.l1.max-entries",
        "gateway.cache.redis.enabled",
        "gateway.cache.redis.timeout",
        "gateway.cache.redis.ttl",
        "gateway.pages.\"100\".token",
        "gateway.pages.\"100\".name",
        "gateway.pages.\"100\".fans",
        "gateway.pages.100.test-page",
        "gateway.secrets.key",
        "gateway.secrets.old-keys",
        "gateway.secrets.old-keys[1]",
        "gateway.callers.\"crm\".key-sha256",
        "gateway.callers.\"crm\".key-sha256[0]",
        "gateway.callers.\"crm\".roles",
        "gateway.callers.crm.ids-per-minute",
        "gateway.resolve.max-ids",
        "gateway.start.wait"
      })
  void keyOfTheContract_isKnown(String key) {
    assertThat(knownKeys.patterns().isKey(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gateway.foo", "gateway.pages.\"100\".tokne", "gateway.pages", "gateway.apps.id"})
  void anyOtherKey_isNot(String key) {
    assertThat(knownKeys.patterns().isKey(key)).isFalse();
  }

  @Test
  void theGatewaysOwnConfiguration_isKnown() {
    assertThat(knownKeys.unknown()).isEmpty();
  }
}
