package org.psidgateway.api.mapping;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.psidgateway.forecast.Bottleneck;
import org.psidgateway.forecast.Forecast;
import org.psidgateway.forecast.Work;

/** What a list would cost; {@code distinct = already_known + to_convert}. */
@JsonNaming(SnakeCaseStrategy.class)
record EstimateBody(
    int received,
    int malformed,
    int duplicates,
    int distinct,
    long alreadyKnown,
    long toConvert,
    @Nullable Long quotaRemainingAfter,
    long upstreamCalls,
    Finish earliestFinish,
    Bound bottleneck) {

  /** When; null only with a reason. */
  record Finish(@Nullable Instant p50, @Nullable Instant p90, @Nullable String reason) {}

  /** What bounds it. */
  record Bound(String what, @Nullable Instant until, @Nullable Integer position) {
    static Bound of(Bottleneck bottleneck) {
      return new Bound(bottleneck.what().wireName(), bottleneck.until(), bottleneck.position());
    }
  }

  static EstimateBody of(ListedIds ids, Work work, Forecast forecast) {
    int distinct = ids.received() - ids.malformed() - ids.duplicates();
    return new EstimateBody(
        ids.received(),
        ids.malformed(),
        ids.duplicates(),
        distinct,
        distinct - work.ids(),
        work.ids(),
        forecast.quotaRemainingAfter(),
        forecast.calls(),
        new Finish(forecast.p50(), forecast.p90(), forecast.reason()),
        Bound.of(forecast.bottleneck()));
  }
}
