package org.psidgateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdPositionsTest {
  @Test
  void of_findsEveryIdAtItsPosition_andNoOther() {
    long[] ids = LongStream.range(0, 5000).map(i -> 1 + i * i * i).toArray();
    IdPositions positions = new IdPositions(ids);
    for (int i = 0; i < ids.length; i++) {
      assertThat(positions.of(ids[i])).isEqualTo(i);
    }
    assertThat(positions.contains(8 + 1)).isTrue();
    assertThat(positions.contains(8)).isFalse();
    assertThat(positions.of(Long.MAX_VALUE)).isEqualTo(-1);
  }

  @Test
  void contains_isFalse_whenThereAreNone() {
    assertThat(new IdPositions(new long[0]).contains(1)).isFalse();
  }
}
