package org.psidgateway.api.door;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;
import org.psidgateway.security.Role;

/** A door that could not check who asks, or could answer nobody, stays shut. */
@Singleton
class DoorCheck implements StartupCheck {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final DoorConfig config;
  private final AppProof proof;

  DoorCheck(DoorConfig config, AppProof proof) {
    this.config = config;
    this.proof = proof;
  }

  @Override
  public void check(Faults faults) {
    if (config.enabled() && !proof.canBeChecked()) {
      faults.add(
          Door.ENABLED
              + " needs gateway.app.secret, which proves that a token comes from a program of the"
              + " app");
    }
    faults.positive("gateway.door.wait", config.patience(), LONGEST_WAIT);
    Optional.of(config.roles())
        .filter(Set.of(Role.READ, Role.CONVERT)::containsAll)
        .filter(roles -> !roles.isEmpty())
        .ifPresentOrElse(
            roles -> {},
            () ->
                faults.add("gateway.door.roles must be convert, read, or both: there is no more"));
    config.idsPerMinute().ifPresent(ids -> faults.atLeast("gateway.door.ids-per-minute", ids, 1));
  }
}
