package org.psidgateway.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

@ConfigMapping(prefix = "gateway.batch")
interface BatchConfig {
  /** How long a batch waits for more ids before it leaves. */
  @WithDefault("PT0.02S")
  Duration linger();

  /**
   * How many unknown ids may wait in a pod and, separately, how many list entries may wait for
   * them. Above either limit, ids answer {@code queue_full}. By default a quarter of the heap / 256
   * bytes, at most 1000000.
   */
  OptionalInt maxQueued();

  /** A quarter of the heap, at the 256 bytes that an id takes with a caller that waits for it. */
  static int fitsTheHeap() {
    return (int) Math.min(1_000_000, Runtime.getRuntime().maxMemory() / 4 / 256);
  }
}
