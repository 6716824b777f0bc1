package org.psidgateway.security;

import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Checks that somebody may call, with keys that nobody else knows. */
@Singleton
class CallersCheck implements StartupCheck {
  /** What {@code sha256sum} prints if the key was forgotten. */
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** Keys of the profiles dev and test. */
  private static final Map<String, String> PUBLISHED =
      Map.of(
          "ef260e9aa3c673af240d17a2660480361a8e081d1ffeca2a5ed0e3219fc18567", "dev",
          "3d0941964aa3ebdcb00ccef58b1bb399f9f898465e9886d5aec7f31090a0fb30", "reader",
          "29b220d49cd6a1ed8396172f46fce4211ca0fa0d9926dee6710a289b6bd7a08e", "exporter",
          "7b508dace774f8adc1b121c1812b740904be6dfd37e3b5e3579bc81fbf6f5553", "limited",
          "f137861447fb237e6521f9afe70e6492311c499bc999c495ac9c34f4428e6c44", "impatient");

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private static final String DIGESTS = "SHA-256 digests of 64 hexadecimal digits";

  private static final String ROLES =
      "some of " + Stream.of(Role.values()).map(Role::wireName).collect(Collectors.joining(", "));

  private final CallersConfig config;

  CallersCheck(CallersConfig config) {
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    faults.required(
        "gateway.callers.\"<name>\".key-sha256",
        !config.byName().isEmpty(),
        "at least one caller with a key and roles");
    Set<String> taken = new HashSet<>();
    config
        .byName()
        .forEach(
            (name, caller) -> {
              String key = "gateway.callers.\"" + name + "\".";
              faults.require(
                  !name.startsWith("door:"),
                  "gateway.callers.\"<name>\"",
                  name,
                  "another name: door:<page id> are the programs behind the door");
              if (caller.keySha256().isEmpty()) {
                faults.add(key + "key-sha256 is required: " + DIGESTS);
              }
              if (caller.roles().isEmpty()) {
                faults.add(key + "roles is required: " + ROLES);
              }
              caller
                  .keySha256()
                  .orElse(List.of())
                  .forEach(hash -> check(key + "key-sha256", hash, taken, faults));
              caller
                  .idsPerMinute()
                  .ifPresent(ids -> faults.atLeast(key + "ids-per-minute", ids, 1));
            });
  }

  /** Never quotes the hash: it might be the key itself, put there by mistake. */
  private static void check(String key, String configured, Set<String> taken, Faults faults) {
    String hash = Callers.digest(configured);
    if (!DIGEST.matcher(hash).matches()) {
      faults.add(key + " must hold " + DIGESTS);
    } else if (hash.equals(EMPTY)) {
      faults.add(key + " is the digest of an empty key: was the key's variable set?");
    } else if (faults.inProduction() && PUBLISHED.containsKey(hash)) {
      faults.add(
          "%s is the digest of \"%s\", a published key of the profiles dev and test"
              .formatted(key, PUBLISHED.get(hash)));
    } else if (!taken.add(hash)) {
      faults.add(key + " repeats a key that is already taken");
    }
  }
}
