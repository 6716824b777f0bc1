package org.psidgateway.upstream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.time.Ticker;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Question.Further;

/** Answers to batches, read as one pod reads them. */
final class Batches {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Protocol protocol;

  Batches(Ticker ticker) {
    protocol =
        Protocols.protocol(
                Settings.Upstream.at(URI.create("http://x")).kind(UpstreamKind.ID_MATCHING),
                Settings.App.SIGNING,
                InstantSource.system(),
                ticker,
                meters)
            .orElseThrow();
  }

  /** The answer about 20, 30, 40 and so on. */
  Matched read(String... elements) {
    long[] asids = IntStream.range(0, elements.length).mapToLong(i -> 20 + 10L * i).toArray();
    return read(List.of(elements), asids);
  }

  Matched read(List<String> elements, long... asids) {
    return (Matched) read(200, "[" + String.join(",", elements) + "]", asids);
  }

  /** The answer about 20, which was asked with a cursor. */
  Matched readAfter(String cursor, String element) {
    Question question =
        new Question(PageId.ANY, new long[] {20}, Map.of(20L, Further.after(cursor)));
    return (Matched) read(question, 200, ("[" + element + "]").getBytes(StandardCharsets.UTF_8));
  }

  Outcome read(int status, String body, long... asids) {
    return read(Question.of(PageId.ANY, asids), status, body.getBytes(StandardCharsets.UTF_8));
  }

  Outcome read(Question question, int status, byte[] body) {
    return protocol
        .decode(question, new Reply(status, MultiMap.caseInsensitiveMultiMap(), body))
        .outcome();
  }

  double operations(String outcome) {
    return meters.get("gateway.upstream.operations").tag("outcome", outcome).counter().count();
  }
}
