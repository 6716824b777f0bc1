package org.psidgateway.ops;

import java.util.List;

/** A condition of a feature that production insists on. Every CDI bean of this type is asked. */
public interface StartupCheck {
  /** What stops a production start, each naming the property; empty if all is well. */
  List<String> problems();
}
