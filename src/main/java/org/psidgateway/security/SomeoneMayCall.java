package org.psidgateway.security;

import jakarta.inject.Singleton;
import java.util.List;
import org.psidgateway.ops.StartupCheck;

/** A gateway that nobody can call is a mistake in its configuration. */
@Singleton
class SomeoneMayCall implements StartupCheck {
  private final Callers callers;

  SomeoneMayCall(Callers callers) {
    this.callers = callers;
  }

  @Override
  public List<String> problems() {
    return callers.none()
        ? List.of(
            "gateway.callers.\"<name>\".key-sha256 and .roles: no caller is configured, so nobody"
                + " could authenticate")
        : List.of();
  }
}
