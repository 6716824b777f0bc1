package org.psidgateway.api.migration;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.time.Ticker;

/**
 * What happens to one migration, as server-sent events for one client: its state at first, then
 * each change, at most one a second, and its end. Each is made when the client has taken the one
 * before.
 */
final class EventStream {
  private static final Duration APART = Duration.ofSeconds(1);

  /** Proxies give up connections that are silent for longer. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** A connection is not to hold out for ever: clients come back by themselves. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final byte[] COMMENT = bytes(":\n\n");
  private static final byte[] OVER = {};

  private final StoreCalls store;
  private final Migrations migrations;
  private final Watch watch;
  private final Ticker ticker;
  private final MigrationId id;
  private final long begun;
  private Migration told;
  private long toldAt;
  private boolean opened;
  private boolean ended;

  EventStream(
      StoreCalls store,
      Migrations migrations,
      Watch watch,
      Ticker ticker,
      MigrationId id,
      Migration first) {
    this.store = store;
    this.migrations = migrations;
    this.watch = watch;
    this.ticker = ticker;
    this.id = id;
    this.told = first;
    this.begun = ticker.nanos();
    this.toldAt = begun;
  }

  Multi<byte[]> events() {
    return Multi.createBy().repeating().uni(this::next).until(piece -> piece == OVER);
  }

  private Uni<byte[]> next() {
    if (!opened) {
      opened = true;
      return Uni.createFrom().item(bytes("retry: 2000\n" + event("state", told)));
    }
    long now = ticker.nanos();
    if (ended || watch.isDraining() || now - begun >= LONGEST.toNanos()) {
      return Uni.createFrom().item(OVER);
    }
    Duration passed = Duration.ofNanos(now - toldAt);
    return ticker.after(APART.minus(passed)).chain(() -> afterPause());
  }

  private Uni<byte[]> afterPause() {
    if (told.state().isEnd()) { // it had ended when the client came
      ended = true;
      return store.read(() -> bytes(event("end", told)));
    }
    return watch
        .changed(id, told.revision(), told.progress(), SILENCE.minus(APART))
        .chain(changed -> changed ? store.read(this::change) : Uni.createFrom().item(silence()))
        .onFailure()
        .recoverWithItem(this::silence) // while PostgreSQL is away: told as soon as it is back
        .invoke(piece -> toldAt = ticker.nanos());
  }

  private byte[] silence() {
    return watch.isDraining() ? OVER : COMMENT;
  }

  private byte[] change() throws SQLException {
    Migration now = migrations.find(id).orElse(null);
    if (now == null) {
      return OVER;
    }
    ended = now.state().isEnd();
    String type = now.revision() == told.revision() ? "progress" : "state";
    told = now;
    return bytes(event(ended ? "end" : type, now));
  }

  private static String event(String type, Migration migration) {
    return "event: "
        + type
        + "\nid: "
        + MigrationTag.of(migration).text()
        + "\ndata: "
        + MigrationJson.line(migration)
        + "\n\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
