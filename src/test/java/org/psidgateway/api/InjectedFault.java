package org.psidgateway.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.psidgateway.books.Bookkeeping;

/** A fault of the gateway, for whoever asks for it; of tests alone. */
class InjectedFault {
  static final String HEADER = "Injected-Fault";

  @ServerRequestFilter
  void fail(ContainerRequestContext request) {
    String fault = request.getHeaderString(HEADER);
    if (fault != null) {
      throw fault.equals("no window") ? Bookkeeping.noWindow() : new Injected();
    }
  }

  /** Without a stack trace: logs of green tests have none. */
  private static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Injected() {
      super("injected", null, false, false);
    }
  }
}
