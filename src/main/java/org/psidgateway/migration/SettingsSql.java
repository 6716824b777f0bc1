package org.psidgateway.migration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.time.Micros;

/** How settings are written. */
final class SettingsSql {
  private static final String CHANGE =
      """
      update migration
         set name = ?, labels = ?::jsonb, deadline = at_micros(?::bigint), quota_cap = ?::bigint, share = ?,
             revision = revision + ?
       where id = ?
      """;

  private SettingsSql() {}

  /** What they become. Times as PostgreSQL keeps them: to the microsecond. */
  static Settings changed(Settings before, Change change) {
    return new Settings(
        or(change.name(), before.name()),
        change.labels() == null ? before.labels() : change.labels(),
        before.confirm(),
        rounded(or(change.deadline(), before.deadline())),
        or(change.quotaCap(), before.quotaCap()),
        change.share() == null ? before.share() : change.share(),
        before.canaryIds(),
        before.canaryMaxInvalidRatio(),
        before.maxInvalidRatio());
  }

  private static <T> @Nullable T or(@Nullable Optional<T> wanted, @Nullable T before) {
    return wanted == null ? before : wanted.orElse(null);
  }

  static @Nullable Instant rounded(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * @param moves whether the same change moves the state, which counts as one revision
   */
  static void change(RoundTrip trip, MigrationId id, Settings settings, boolean moves) {
    trip.update(
        CHANGE,
        settings.name(),
        labels(settings),
        micros(settings),
        settings.quotaCap(),
        settings.share(),
        moves ? 0 : 1,
        id.value());
  }

  static String labels(Settings settings) {
    return new JsonObject(new LinkedHashMap<>(settings.labels())).encode();
  }

  static @Nullable Long micros(Settings settings) {
    Instant deadline = settings.deadline();
    return deadline == null ? null : Long.valueOf(Micros.of(Objects.requireNonNull(deadline)));
  }
}
