package org.psidgateway.ops;

/**
 * A bean that knows what must hold of the configuration of its room. It runs before anything else
 * does, so that what the room builds later may trust its settings.
 */
public interface StartupCheck {

  /** Adds what cannot be right. Looks at the configuration alone; never blocks. */
  void check(Faults faults);
}
