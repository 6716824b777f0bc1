package org.psidgateway.secrets;

import jakarta.inject.Singleton;
import java.util.List;
import org.psidgateway.ops.StartupCheck;

/** Tokens are never kept unencrypted, so production needs a key of its own. */
@Singleton
class SecretsCheck implements StartupCheck {
  private final SecretKeys keys;

  SecretsCheck(SecretKeys keys) {
    this.keys = keys;
  }

  @Override
  public List<String> problems() {
    return keys.problems();
  }
}
