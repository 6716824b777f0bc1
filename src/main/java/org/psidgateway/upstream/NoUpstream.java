package org.psidgateway.upstream;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.psidgateway.model.Tariff;

/** Of an archive: its tariff has the ledger refuse every call, so that none comes here. */
final class NoUpstream implements Upstream {
  private static final Outcome NOBODY = new Outcome.Unsent("no_upstream");

  @Override
  public Tariff tariff() {
    return Tariff.ARCHIVE;
  }

  @Override
  public Duration timeout() {
    return Duration.ZERO;
  }

  @Override
  public int concurrency() {
    return 1;
  }

  @Override
  public boolean accepting() {
    return true;
  }

  @Override
  public Uni<Outcome> ask(
      Question question, String token, long sendBefore, Supplier<Uni<Optional<String>>> objection) {
    return Uni.createFrom().item(NOBODY);
  }
}
