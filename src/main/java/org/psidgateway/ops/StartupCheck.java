package org.psidgateway.ops;

/**
 * A bean that knows what must hold for the configuration of its package. It runs before anything
 * else, so that whatever the package builds later may trust its settings.
 */
public interface StartupCheck {

  /** Adds the faults it finds. Looks at the configuration alone; never blocks. */
  void check(Faults faults);
}
