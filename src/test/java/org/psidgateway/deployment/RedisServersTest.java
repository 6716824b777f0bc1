package org.psidgateway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RedisServersTest {
  private final RedisServers servers =
      new RedisServers(List.of("redis://user:s3cret@one:6379/1?password=s3cret", " rediss://two"));

  @Test
  void failure_isDescribedByAddressesAndCause_withoutALogin() {
    assertThat(servers.describe(new ConnectException("Connection refused: one/10.0.0.1:6379")))
        .isEqualTo("redis://one:6379/1, rediss://two: Connection refused: one/10.0.0.1:6379");
    assertThat(servers.describe(new TimeoutException())).endsWith(": no answer in time");
    assertThat(servers.describe(null)).endsWith(": no answer in time");
  }

  @Test
  void redisOwnError_isDescribedByItsKind_sinceTheTextMayHaveAKey() {
    assertThat(servers.describe(new RuntimeException("OOM command not allowed, key 10154673853")))
        .endsWith(": OOM");
    assertThat(servers.describe(new IllegalStateException("key 10154673853349851")))
        .endsWith(": IllegalStateException");
  }
}
