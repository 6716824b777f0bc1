package org.psidgateway.chaos;

import java.util.List;
import java.util.stream.LongStream;

/** What a call asks: ids of a Page, in whatever order. */
record Asked(long page, List<Long> asids) {
  static Asked of(long page, long[] asids) {
    return new Asked(page, LongStream.of(asids).sorted().boxed().toList());
  }
}
