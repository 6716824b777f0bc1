package org.psidgateway.resolve;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.cache.ScriptedCache;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.trace.Trace;

/** A resolver with a real L1, and collaborators that do what the test says. */
abstract class ResolverHarness {
  static final PageId PAGE = new PageId(100);
  static final Duration PATIENCE = Duration.ofSeconds(2);

  final ManualTicker ticker = new ManualTicker();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final ScriptedStore store = new ScriptedStore();
  final ScriptedConversions conversions = new ScriptedConversions(ticker);
  Instant now = ScriptedStore.CHECKED_AT;
  final ScriptedCache l2 = new ScriptedCache(() -> now);
  final MappingCache cache = l2.cache();
  final Resolver resolver =
      new Resolver(
          cache,
          store,
          conversions,
          () -> Trace.NONE,
          new ResolveMeters(registry),
          tariff(),
          ticker);

  Tariff tariff() {
    return Tariffs.PER_BATCH;
  }

  void keepInL1(long asid, long verdict) {
    long[] checkedAt = {now.getEpochSecond()};
    cache.keepForOneself(PAGE, new Findings(new long[] {asid}, new long[] {verdict}, checkedAt));
  }

  ResolveQuery query(long... asids) {
    return query(false, false, asids);
  }

  ResolveQuery knownOnly(long... asids) {
    return query(true, false, asids);
  }

  ResolveQuery orPsids(long... asids) {
    return query(false, true, asids);
  }

  private ResolveQuery query(boolean knownOnly, boolean idsMayBePsids, long... asids) {
    return new ResolveQuery(
        PAGE,
        OneCaller.NAME,
        asids,
        knownOnly,
        Lane.INTERACTIVE,
        idsMayBePsids,
        deadline(PATIENCE));
  }

  long deadline(Duration patience) {
    return ticker.nanos() + patience.toNanos();
  }

  static <T> UniAssertSubscriber<T> subscribed(Uni<T> answer) {
    return answer.subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  /** By id: the PSID, or the fate, and where it came from. */
  Map<Long, String> resolve(ResolveQuery query) {
    return lines(subscribed(resolver.resolve(query)).assertCompleted().getItem());
  }

  static Map<Long, String> lines(Answers answers) {
    Map<Long, String> lines = new TreeMap<>();
    for (int i = 0; i < answers.size(); i++) {
      Object what = answers.fate(i) == Fate.MAPPED ? answers.psid(i) : answers.fate(i);
      lines.put(answers.asid(i), what + " " + answers.source(i));
    }
    return lines;
  }
}
