package org.psidgateway.testing;

import org.psidgateway.model.Tariff;
import org.psidgateway.model.Tariff.Window;

/** What calls cost, at different upstreams. */
public final class Tariffs {
  /** A batch of 200 is one call, and spends the quota while the window is open. */
  public static final Tariff PER_BATCH = new Tariff(200, false, true, Window.LIMITED, true, false);

  /** A batch of 50 counts as 50 calls; there is neither quota nor window. */
  public static final Tariff PER_ID = new Tariff(50, true, false, Window.ENDLESS, false, false);

  /** The same, and an id is asked once for all Pages. */
  public static final Tariff PER_PERSON = new Tariff(50, true, false, Window.ENDLESS, false, true);

  private Tariffs() {}
}
