package org.psidgateway.cache;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;

/** A real cache whose L1 is real, while its L2 knows what the test says. */
public final class ScriptedCache {
  private final Map<Long, Long> shared = new HashMap<>();
  private final List<Long> asked = new ArrayList<>();
  private final MappingCache cache;

  public ScriptedCache(InstantSource clock) {
    CacheMeters metrics = new CacheMeters(new SimpleMeterRegistry());
    cache =
        new MappingCache(
            new LocalTier(1000, Duration.ofDays(30), clock, metrics), new ScriptedTier());
  }

  public MappingCache cache() {
    return cache;
  }

  /** What L2 knows, by ASID. */
  public Map<Long, Long> shared() {
    return shared;
  }

  /** Which ids L2 was asked for. */
  public List<Long> asked() {
    return asked;
  }

  private final class ScriptedTier implements SharedTier {
    @Override
    public Uni<Findings> find(PageId page, long[] asids) {
      Arrays.stream(asids).forEach(asked::add);
      long[] known = Arrays.stream(asids).filter(shared::containsKey).toArray();
      long[] verdicts = Arrays.stream(known).map(shared::get).toArray();
      return Uni.createFrom().item(new Findings(known, verdicts, new long[known.length]));
    }

    @Override
    public void keep(PageId page, Findings findings) {
      for (int i = 0; i < findings.size(); i++) {
        shared.put(findings.asids()[i], findings.verdicts()[i]);
      }
    }

    @Override
    public Uni<Void> forget(PageId page, long[] asids) {
      return Uni.createFrom().voidItem();
    }
  }
}
