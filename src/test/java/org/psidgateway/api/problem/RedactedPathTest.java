package org.psidgateway.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedPathTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/pages/100/mappings/resolve, /v1/pages/100/mappings/resolve",
    "/v1/pages/1234567/mappings, /v1/pages/1234567/mappings",
    "/v1/pages/100/mappings/77x, /v1/pages/100/mappings/{asid}",
    "/v1/pages/100/mappings/resolve7, /v1/pages/100/mappings/{asid}",
    "/v1/pages/100/mappings/10154673853349851/more, /v1/pages/100/mappings/{asid}/more",
    "/v1/people/10154673853349851/tombstone, /v1/people/{asid}/tombstone",
    "/v2/10154673853349851, /v2/{id}",
    "/v1/pages/100/mapping/10154673853349851, /v1/pages/100/mapping/{id}",
  })
  void of_hidesPeople(String path, String instance) {
    assertThat(RedactedPath.of(path)).isEqualTo(instance);
  }
}
