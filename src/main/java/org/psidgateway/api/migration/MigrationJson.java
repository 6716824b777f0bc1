package org.psidgateway.api.migration;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.forecast.Bottleneck;
import org.psidgateway.migration.Counts;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Settings;
import org.psidgateway.migration.State;

/** Migrations as JSON. */
final class MigrationJson {
  private MigrationJson() {}

  static Buffer one(Migration migration) {
    return whole(migration).toBuffer();
  }

  /** On one line. */
  static String line(Migration migration) {
    return whole(migration).encode();
  }

  /** Without their histories. {@code next} is null on the last page. */
  static Buffer page(List<Migration> migrations, @Nullable String next) {
    return new JsonObject()
        .put("items", new JsonArray(migrations.stream().map(MigrationJson::shown).toList()))
        .put("next_cursor", next)
        .toBuffer();
  }

  private static JsonObject whole(Migration migration) {
    return shown(migration)
        .put(
            "history",
            new JsonArray(migration.history().stream().map(MigrationJson::event).toList()));
  }

  private static JsonObject shown(Migration migration) {
    Settings settings = migration.settings();
    return new JsonObject()
        .put("id", text(migration.id()))
        .put("parent_id", text(migration.parentId()))
        .put("page_id", migration.page().toString())
        .put("name", settings.name())
        .put("labels", new JsonObject(new LinkedHashMap<>(settings.labels())))
        .put("created_by", migration.createdBy())
        .put("revision", migration.revision())
        .put("desired_state", migration.desired().wireName())
        .put("state", migration.state().wireName())
        .put("state_reason", migration.reason())
        .put("created_at", migration.createdAt())
        .put("started_at", migration.startedAt())
        .put("finished_at", migration.finishedAt())
        .put("deadline", settings.deadline())
        .put("effective_deadline", migration.effectiveDeadline())
        .put("share", settings.share())
        .put("quota_cap", settings.quotaCap())
        .put("confirm", settings.confirm())
        .put("canary_ids", settings.canaryIds())
        .put("canary_max_invalid_ratio", settings.canaryMaxInvalidRatio())
        .put("max_invalid_ratio", settings.maxInvalidRatio())
        .put("counts", counts(migration.counts()))
        .put("progress", progress(migration))
        .put("eta", eta(migration.eta()))
        .put("bottleneck", bottleneck(migration.bottleneck()))
        .put("bill", bill(migration.bill()));
  }

  private static @Nullable String text(@Nullable MigrationId id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable JsonObject counts(@Nullable Counts counts) {
    return counts == null
        ? null
        : new JsonObject()
            .put("received", counts.received())
            .put("malformed", counts.malformed())
            .put("duplicates", counts.duplicates())
            .put("distinct", counts.distinct())
            .put("already_known", counts.alreadyKnown())
            .put("mapped", counts.mapped())
            .put("unmapped", counts.unmapped())
            .put("invalid", counts.invalid())
            .put("failed", counts.failed())
            .put("in_flight", counts.inFlight())
            .put("remaining", counts.remaining());
  }

  private static JsonObject progress(Migration migration) {
    Counts counts = migration.counts();
    return new JsonObject()
        .put("percent", counts == null ? 0.0 : percent(counts))
        .put("ids_per_second", rounded(migration.idsPerSecond()));
  }

  /** Rounded down, so that it is 100 only when nothing is left. */
  private static double percent(Counts counts) {
    long done = counts.distinct() - counts.remaining() - counts.inFlight();
    return counts.distinct() == 0 ? 100 : Math.floor(1000.0 * done / counts.distinct()) / 10;
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  private static JsonObject eta(Migration.Eta eta) {
    Double required = eta.requiredIdsPerSecond();
    return new JsonObject()
        .put("p50", eta.p50())
        .put("p90", eta.p90())
        .put("if_resumed_now", eta.ifResumedNow())
        .put("reason", eta.reason())
        .put("on_track", eta.onTrack())
        .put("required_ids_per_second", required == null ? null : rounded(required));
  }

  private static @Nullable JsonObject bottleneck(@Nullable Bottleneck bound) {
    return bound == null
        ? null
        : new JsonObject()
            .put("what", bound.what().wireName())
            .put("until", bound.until())
            .put("position", bound.position());
  }

  private static JsonObject bill(Migration.Bill bill) {
    return new JsonObject()
        .put("to_convert", bill.toConvert())
        .put("upstream_calls", bill.upstreamCalls())
        .put("quota_remaining_after", bill.quotaRemainingAfter())
        .put("calls", bill.calls())
        .put("units", bill.units())
        .put(
            "saved",
            new JsonObject()
                .put("duplicates", bill.duplicates())
                .put("known", bill.known())
                .put("joined", bill.joined()))
        .put("throttled_seconds", bill.throttledSeconds())
        .put("fill", rounded(bill.fill()));
  }

  private static JsonObject event(Migration.Event event) {
    State from = event.from();
    return new JsonObject()
        .put("at", event.at())
        .put("from", from == null ? null : from.wireName())
        .put("to", event.to().wireName())
        .put("reason", event.reason())
        .put("by", event.by())
        .put("counts", counts(event.counts()));
  }
}
