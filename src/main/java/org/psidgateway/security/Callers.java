package org.psidgateway.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Sha256;
import org.psidgateway.ops.CallerNames;
import org.psidgateway.time.Ticker;

/**
 * The configured callers by the digest of their keys. Found by digest rather than compared key by
 * key: the time a look-up takes says nothing that would help to guess a key. Takes the
 * configuration as {@link CallersCheck} leaves it.
 */
@Singleton
class Callers implements CallerNames {
  private final Map<String, SecurityIdentity> byDigest = new HashMap<>();
  private final Set<String> names;

  Callers(CallersConfig config, Ticker ticker) {
    names = Set.copyOf(config.byName().keySet());
    config.byName().forEach((name, caller) -> add(name, caller, ticker));
  }

  private void add(String name, CallersConfig.Caller caller, Ticker ticker) {
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(name))
            .addAttribute(Access.ALLOWANCE, Allowance.of(caller.idsPerMinute(), ticker));
    caller.roles().orElseThrow().forEach(role -> identity.addRole(role.wireName()));
    SecurityIdentity built = identity.build();
    caller.keySha256().orElseThrow().forEach(hash -> byDigest.put(digest(hash), built));
  }

  @Override
  public Set<String> names() {
    return names;
  }

  /** The form in which digests are compared. */
  static String digest(String configured) {
    return configured.strip().toLowerCase(Locale.ROOT);
  }

  /** The caller that holds {@code apiKey}, or null; nobody holds a blank one. Never blocks. */
  @Nullable SecurityIdentity identify(String apiKey) {
    return apiKey.isBlank() ? null : byDigest.get(Sha256.hex(apiKey));
  }
}
