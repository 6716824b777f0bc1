package org.psidgateway.start;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.postgresql.Driver;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** The address of PostgreSQL must be known, and the wait for it must be finite. */
@Singleton
class StartCheck implements StartupCheck {
  static final String URL = "quarkus.datasource.jdbc.url";

  /** The same as in application.properties. */
  private static final String NOT_SET = "jdbc:postgresql:not-set";

  private static final String EXAMPLE = "jdbc:postgresql://host:5432/database";

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final StartConfig start;
  private final Config config;

  StartCheck(StartConfig start, Config config) {
    this.start = start;
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    Optional<String> url =
        config.getOptionalValue(URL, String.class).filter(text -> !text.equals(NOT_SET));
    faults.required(URL, url.isPresent(), EXAMPLE);
    if (url.filter(text -> Driver.parseURL(text, null) == null).isPresent()) {
      faults.add(URL + " must be like " + EXAMPLE); // not quoted: it may hold a password
    }
    faults.between("gateway.start.wait", start.longestWait(), Duration.ZERO, LONGEST_WAIT);
  }
}
