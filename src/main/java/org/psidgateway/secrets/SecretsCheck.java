package org.psidgateway.secrets;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Tokens are never kept unencrypted, so production needs a key of its own. */
@Singleton
class SecretsCheck implements StartupCheck {
  /** The keys of the profiles dev and test. */
  private static final Set<String> PUBLISHED =
      Set.of("aW5zZWN1cmUta2V5LWZvci1kZXYtYW5kLXRlc3RzISE=");

  private final SecretsConfig config;

  SecretsCheck(SecretsConfig config) {
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    faults.required(
        SecretKeys.KEY, config.key().isPresent(), "32 random bytes in Base64; keep them");
    new SecretKeys(config).faults().forEach(faults::add);
    if (faults.inProduction()) {
      config.key().ifPresent(key -> refusePublished(SecretKeys.KEY, key, faults));
      config
          .oldKeys()
          .orElse(List.of())
          .forEach(key -> refusePublished(SecretKeys.OLD_KEYS, key, faults));
    }
  }

  private static void refusePublished(String property, String key, Faults faults) {
    if (PUBLISHED.contains(key.strip())) {
      faults.add(
          property
              + " holds the key that is published with the profiles dev and test: use a key of"
              + " your own");
    }
  }
}
