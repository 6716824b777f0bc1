package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.psidgateway.model.PageId;

/** {@code gateway.pages."<id>".pace-*}: a pace for one Page, besides the app's. */
@ConfigMapping(prefix = "gateway.pages")
interface PagePaceConfig {

  /** By the id of the Page, as it is written. */
  @WithParentName
  Map<String, Own> pages();

  /** Both or neither. */
  interface Own {

    /**
     * Calls for this Page in any window of {@link #pacePer}, besides the app's pace; 0: no pace of
     * its own.
     */
    OptionalInt paceCalls();

    /** The window of {@link #paceCalls}, sliding; both are set, or neither. */
    Optional<Duration> pacePer();
  }

  /** Those that are set; {@code burst} is the app's. For a configuration that was checked. */
  static Map<PageId, Pace> read(PagePaceConfig config, int burst) {
    Map<PageId, Pace> paces = new HashMap<>();
    config
        .pages()
        .forEach(
            (id, own) -> {
              int calls = own.paceCalls().orElse(0);
              if (calls != 0) {
                long micros = own.pacePer().orElseThrow().toNanos() / 1000;
                paces.put(PageId.parse(id).orElseThrow(), new Pace(calls, micros, burst));
              }
            });
    return Map.copyOf(paces);
  }
}
