package org.psidgateway.security;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.inject.Singleton;

/**
 * Asks for the roles of the caller of the present request. In code rather than in annotations,
 * since the role a request needs may depend on what it says. Never blocks in a resource that is
 * {@code @Authenticated}.
 */
@Singleton
public class Access {
  static final String ALLOWANCE = Allowance.class.getName();

  private final CurrentIdentityAssociation caller;

  Access(CurrentIdentityAssociation caller) {
    this.caller = caller;
  }

  /**
   * Returns if the caller has the role.
   *
   * @throws MissingRole if not
   */
  public void require(Role role) {
    if (!caller.getIdentity().hasRole(role.wireName())) {
      throw new MissingRole(role);
    }
  }

  /** The name of the caller, as configured. */
  public String callerName() {
    return caller.getIdentity().getPrincipal().getName();
  }

  /** How many ids the caller may send. */
  public Allowance allowance() {
    Allowance allowance = caller.getIdentity().getAttribute(ALLOWANCE);
    return allowance == null ? Allowance.UNLIMITED : allowance;
  }

  /** The caller is known, but may not do this. */
  public static final class MissingRole extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Role required;

    private MissingRole(Role required) {
      super("the caller lacks the role " + required.wireName(), null, false, false);
      this.required = required;
    }

    public Role required() {
      return required;
    }
  }
}
