package org.psidgateway.resolve;

/**
 * Neither cache nor store could answer anything: the request as a whole fails, nothing is spent.
 */
public final class StoreUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnreadable(Throwable cause) {
    super("the store is unreadable and no cache answered", cause);
  }
}
