package org.psidgateway.security;

import io.quarkus.runtime.Startup;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured callers by the digest of their keys. Found by digest rather than compared key by
 * key: the time a look-up takes tells nothing that would help to guess a key. A configuration that
 * can't be right stops the start.
 */
@Startup
@Singleton
class Callers {
  private static final int SHA_256_BYTES = 32;

  private final Map<String, SecurityIdentity> byDigest = new HashMap<>();

  Callers(CallersConfig config) {
    config.byName().forEach(this::add);
  }

  private void add(String name, CallersConfig.Caller caller) {
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(name))
            .addAttribute(Access.ALLOWANCE, allowance(name, caller));
    caller.roles().forEach(role -> identity.addRole(role.wireName()));
    SecurityIdentity built = identity.build();
    for (String hash : caller.keySha256()) {
      if (byDigest.put(digest(name, hash.strip()), built) != null) {
        throw new IllegalStateException(
            property(name, "key-sha256") + " repeats a key that is already taken");
      }
    }
  }

  /** One for all keys of the caller. */
  private static Allowance allowance(String name, CallersConfig.Caller caller) {
    if (caller.idsPerMinute().isEmpty()) {
      return Allowance.UNLIMITED;
    }
    if (caller.idsPerMinute().getAsInt() < 1) {
      throw new IllegalStateException(property(name, "ids-per-minute") + " must be 1 or more");
    }
    return new Allowance(caller.idsPerMinute().getAsInt(), System::nanoTime);
  }

  private static String digest(String name, String hash) {
    try {
      byte[] digest = HexFormat.of().parseHex(hash);
      if (digest.length == SHA_256_BYTES) {
        return key(digest);
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value: it might be the key itself, put there by mistake.
    }
    throw new IllegalStateException(
        property(name, "key-sha256") + " must hold SHA-256 digests of 64 hexadecimal digits");
  }

  private static String property(String name, String key) {
    return "gateway.callers.\"" + name + "\"." + key;
  }

  boolean none() {
    return byDigest.isEmpty();
  }

  /** The caller who holds {@code apiKey}, or null. Thread-safe, never blocks. */
  @Nullable SecurityIdentity identify(String apiKey) {
    try {
      byte[] bytes = apiKey.getBytes(StandardCharsets.UTF_8);
      return byDigest.get(key(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String key(byte[] digest) {
    return new String(digest, StandardCharsets.ISO_8859_1);
  }
}
