package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/** {@code gateway.pages."<id>".pace-*}: a pace for one Page, in addition to the app's. */
@ConfigMapping(prefix = "gateway.pages")
interface PagePaceConfig {

  /** By Page id, as written in the key. */
  @WithParentName
  Map<String, Own> pages();

  /** Both are set, or neither. */
  interface Own {

    /**
     * Upstream calls allowed for this Page in any period of {@link #pacePer}, in addition to the
     * app's pace. 0: the Page has no pace of its own.
     */
    OptionalInt paceCalls();

    /** The sliding period that {@link #paceCalls} refers to. Set both, or neither. */
    Optional<Duration> pacePer();
  }

  /**
   * The paces that are set, with the app's {@code burst}. The configuration must have been checked.
   */
  static Map<PageId, Pace> read(PagePaceConfig config, int burst, Tariff tariff) {
    Map<PageId, Pace> paces = new HashMap<>();
    config
        .pages()
        .forEach(
            (id, own) -> {
              int calls = own.paceCalls().orElse(0);
              if (calls != 0) {
                Pace pace = Pace.of(calls, own.pacePer().orElseThrow(), burst, tariff);
                paces.put(PageId.parse(id).orElseThrow(), pace);
              }
            });
    return Map.copyOf(paces);
  }
}
