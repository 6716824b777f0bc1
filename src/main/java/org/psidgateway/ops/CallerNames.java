package org.psidgateway.ops;

import java.util.Set;

/** The names of the configured callers: few, and known at start, as labels of meters have to be. */
@FunctionalInterface
public interface CallerNames {
  Set<String> names();
}
