package org.psidgateway.forecast;

import javax.sql.DataSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.model.Tariff;

/** Real forecasts from a given database, without a container. */
public final class Forecasting {
  /** As configured by default. */
  static final int CONCURRENCY = 4;

  private Forecasting() {}

  public static Forecasts on(DataSource dataSource, LimitSettings settings, Tariff tariff) {
    return new Forecasts(
        new Transactions(dataSource), settings.limits(tariff), tariff, CONCURRENCY);
  }
}
