package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.util.List;
import org.psidgateway.ops.StartupCheck;

/** Tokens are never kept unencrypted, so production needs a key of its own. */
@Singleton
class SecretsCheck implements StartupCheck {
  private final SecretsConfig config;

  SecretsCheck(SecretsConfig config) {
    this.config = config;
  }

  @Override
  public List<String> problems() {
    return new SecretKeys(config).problems();
  }
}
