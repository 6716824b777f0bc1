package org.psidgateway.page;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The remembered Pages by the digest of their token. Made anew after changes. Thread-safe. */
final class TokenIndex {
  private final Map<?, KnownPage> known;
  private final AtomicLong changes = new AtomicLong();
  private volatile Snapshot last = new Snapshot(-1, Map.of());

  /** An empty entry: several Pages have this token, so it names none of them. */
  private record Snapshot(long changes, Map<ByteBuffer, Optional<KnownPage>> byDigest) {}

  /**
   * @param known may change at any time, and {@link #changed} is called afterwards
   */
  TokenIndex(Map<?, KnownPage> known) {
    this.known = known;
  }

  void changed() {
    changes.incrementAndGet();
  }

  Optional<KnownPage> find(byte[] digest) {
    Snapshot present = last;
    long now = changes.get(); // before the Pages are read: a later change is seen the next time
    if (present.changes() != now) {
      present = new Snapshot(now, byDigest(known.values()));
      last = present;
    }
    return present.byDigest().getOrDefault(ByteBuffer.wrap(digest), Optional.empty());
  }

  private static Map<ByteBuffer, Optional<KnownPage>> byDigest(Collection<KnownPage> pages) {
    Map<ByteBuffer, Optional<KnownPage>> byDigest = new HashMap<>();
    for (KnownPage page : pages) {
      byte @Nullable [] digest = page.digest();
      if (digest != null) {
        byDigest.merge(
            ByteBuffer.wrap(digest), Optional.of(page), (one, other) -> Optional.empty());
      }
    }
    return byDigest;
  }
}
