package org.psidgateway.security;

/** The caller is known, but may not do this. */
public final class MissingRole extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Role required;

  MissingRole(Role required) {
    super("the caller has not the role " + required.wireName(), null, false, false);
    this.required = required;
  }

  public Role required() {
    return required;
  }
}
