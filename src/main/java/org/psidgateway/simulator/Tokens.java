package org.psidgateway.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** To whom an access token belongs. */
final class Tokens {
  private Tokens() {}

  /** The Page that the token belongs to; 0 if it belongs to none. */
  static long page(Settings settings, @Nullable String token) {
    for (Map.Entry<Long, String> page : settings.pages.entrySet()) {
      if (page.getValue().equals(token)) {
        return page.getKey();
      }
    }
    return 0;
  }

  /** Whether it is {@code app-id|app-secret}; without a secret in the script, any will do. */
  static boolean isApp(Settings settings, @Nullable String token) {
    if (token == null) {
      return false;
    }
    String secret = settings.appSecret;
    String start = settings.appId + "|";
    return secret == null || secret.isEmpty()
        ? token.startsWith(start)
        : token.equals(start + secret);
  }
}
