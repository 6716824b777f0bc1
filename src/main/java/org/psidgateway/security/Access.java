package org.psidgateway.security;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * Asks for the roles of the caller of the present request. In code rather than in annotations,
 * since the role a request needs may depend on what it says. Never blocks in a resource that is
 * {@code @Authenticated}.
 */
@Singleton
public class Access {
  static final String SCHEME = "Bearer ";
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

  /** Whether a request brings an API key along, be it a good one. */
  public static boolean presentsKey(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaderNames.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /** The {@code WWW-Authenticate} of a refusal: a key that was sent is a wrong one (RFC 6750). */
  public static String challenge(RoutingContext context) {
    return presentsKey(context) ? "Bearer error=\"invalid_token\"" : "Bearer";
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
