package org.psidgateway.security;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/** Names, once, the roles that are granted although no call asks for them yet. */
@Singleton
class UnusedRoles {
  private static final int AFTER_THE_CHECKS = 10;

  /** The roles that no call requires. */
  static final Set<Role> UNUSED = Set.copyOf(EnumSet.of(Role.PRIVACY));

  private static final Logger LOG = Logger.getLogger(UnusedRoles.class);

  private final CallersConfig config;

  UnusedRoles(CallersConfig config) {
    this.config = config;
  }

  void onStart(@Observes @Priority(AFTER_THE_CHECKS) StartupEvent event) {
    Map<String, Set<String>> granted = granted();
    if (!granted.isEmpty()) {
      LOG.infof("Roles that no call requires yet, and the callers that have them: %s", granted);
    }
  }

  /** The role to the callers. */
  Map<String, Set<String>> granted() {
    Map<String, Set<String>> granted = new TreeMap<>();
    config
        .byName()
        .forEach(
            (name, caller) ->
                caller.roles().orElse(Set.of()).stream()
                    .filter(UNUSED::contains)
                    .forEach(
                        role ->
                            granted
                                .computeIfAbsent(role.wireName(), key -> new TreeSet<>())
                                .add(name)));
    return granted;
  }
}
