package org.psidgateway.ops;

import java.util.List;

/** A bean that knows what must hold before the gateway serves in production. */
public interface StartupCheck {

  /** What stops a production start, each naming the property; empty if all is well. */
  List<String> problems();
}
