package org.psidgateway.page;

/** The upstream allows five test pages an app. */
public final class TooManyTestPages extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyTestPages() {
    super("an app may have five test pages; unmark one first");
  }
}
