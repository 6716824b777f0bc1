package org.psidgateway.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedPathTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/pages/100/mappings/resolve, /v1/pages/100/mappings/resolve",
    "/v1/pages/1234567/mappings, /v1/pages/1234567/mappings",
    "/v1/pages/100/mappings/77x, /v1/pages/100/mappings/-",
    "/v1/pages/100/mappings/resolve7, /v1/pages/100/mappings/-",
    "/v1/pages/100/mappings/10154673853349851/more, /v1/pages/100/mappings/-/more",
    "/v1/people/10154673853349851/tombstone, /v1/people/-/tombstone",
    "/v2/10154673853349851, /v2/-",
    "/v1/pages/100/mapping/10154673853349851, /v1/pages/100/mapping/-",
    "/v1/pages/100/mappings/4, /v1/pages/100/mappings/-",
    "/v1/pages/100/mapping/4, /v1/pages/100/mapping/-",
    "/v1/pages/Ann%20Li, /v1/pages/-",
    "/v1/pages/{{page}}/mappings, /v1/pages/-/mappings",
    "/v1/pages/100/token, /v1/pages/100/token",
    "//10154673853349851/x, /-/x",
    "10154673853349851, /-",
    "*, /-",
    "/, /",
    "/v1/logging/org.psidgateway.batch, /v1/logging/org.psidgateway.batch",
  })
  void of_hidesPeople(String path, String instance) {
    assertThat(RedactedPath.of(path)).isEqualTo(instance);
    assertThat(URI.create(instance).getRawPath()).isEqualTo(instance);
  }
}
