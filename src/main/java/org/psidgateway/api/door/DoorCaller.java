package org.psidgateway.api.door;

import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Page;
import org.psidgateway.page.Pages;
import org.psidgateway.security.Allowance;
import org.psidgateway.time.Ticker;

/** Who stands at the door: whoever holds a Page's token, and the secret of its app. Thread-safe. */
@Singleton
class DoorCaller {
  private static final String REFUSED = "token_invalid"; // why such a Page is paused

  private final Pages pages;
  private final AppProof proof;
  private final DoorConfig config;
  private final Ticker ticker;
  private final ConcurrentHashMap<PageId, Allowance> allowances = new ConcurrentHashMap<>();

  DoorCaller(Pages pages, AppProof proof, DoorConfig config, Ticker ticker) {
    this.pages = pages;
    this.proof = proof;
    this.config = config;
    this.ticker = ticker;
  }

  /**
   * The Page whose token this is. One that the upstream has refused opens nothing, not even what is
   * known: it may have been withdrawn because it leaked. Never blocks.
   *
   * @throws GraphRefusal if there is no such Page, or the proof is not of this token
   */
  PageId identify(DoorParameters parameters) {
    String token = parameters.get(DoorParameters.TOKEN);
    if (token == null) {
      throw GraphRefusal.of(GraphError.TOKEN_MISSING);
    }
    Page page =
        pages
            .byToken(token)
            .filter(found -> !REFUSED.equals(found.pauseReason()))
            .orElseThrow(() -> GraphRefusal.of(GraphError.TOKEN_REFUSED));
    @Nullable String given = parameters.get(DoorParameters.PROOF);
    if (given == null) {
      throw GraphRefusal.of(GraphError.PROOF_MISSING);
    }
    if (!proof.holds(token, given, parameters.get(DoorParameters.TIME))) {
      throw GraphRefusal.of(GraphError.PROOF_WRONG);
    }
    return page.id();
  }

  /** The name under which the Page's programs spend. */
  static String name(PageId page) {
    return "door:" + page;
  }

  /**
   * Returns if the Page's programs may ask this many ids now.
   *
   * @throws GraphRefusal if not
   */
  void take(PageId page, int ids) {
    Allowance.Taken taken =
        allowances
            .computeIfAbsent(page, any -> Allowance.of(config.idsPerMinute(), ticker))
            .take(ids);
    if (!taken.passed()) {
      throw GraphRefusal.of(GraphError.THROTTLED, taken.retryAfterSeconds());
    }
  }
}
