package org.psidgateway.migration;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.UploadRefused.Why;
import org.psidgateway.migration.Uploads.Owner;
import org.psidgateway.migration.Uploads.Read;
import org.psidgateway.migration.Uploads.Receipt;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.NewList;

/** How a key comes to its one migration. Methods block. Thread-safe. */
final class Intake {
  private static final Logger LOG = Logger.getLogger(Intake.class);

  private final Transactions transactions;
  private final Lists lists;
  private final Migrations migrations;
  private final UploadKeys keys;
  private final InstantSource clock;

  Intake(Transactions transactions, Lists lists, Migrations migrations, InstantSource clock) {
    this.transactions = transactions;
    this.lists = lists;
    this.migrations = migrations;
    this.keys = new UploadKeys(transactions);
    this.clock = clock;
  }

  /** Tells the SHA-256 of what was sent; null if it is too long to be anything. */
  @FunctionalInterface
  interface Sameness {
    byte @Nullable [] sha256() throws IOException;
  }

  /** The migration that the key has made, or a new one of what {@code source} brings. */
  Receipt take(
      Owner owner,
      Settings settings,
      @Nullable MigrationId parent,
      Sameness sameness,
      Uploads.Source source)
      throws IOException, SQLException {
    Optional<UploadKeys.Holder> holder = keys.find(owner);
    if (holder.isPresent()) {
      Optional<Receipt> replayed = replayed(holder.get(), sameness);
      if (replayed.isPresent()) {
        return replayed.get();
      }
      if (holder.get().alive()) {
        throw new UploadRefused(Why.UNDER_WAY);
      }
    }
    settings.requireTime(clock.instant());
    try (NewList list = lists.create()) {
      UploadKeys.Holder now = keys.take(owner, list.no());
      if (now.listNo() != list.no()) {
        return replayed(now, sameness).orElseThrow(() -> new UploadRefused(Why.UNDER_WAY));
      }
      boolean done = false;
      try {
        Read read = source.into(list);
        Receipt receipt = create(owner, settings, parent, list, read);
        done = true;
        return receipt;
      } finally {
        if (!done) {
          free(owner, list.no());
        }
      }
    }
  }

  private Optional<Receipt> replayed(UploadKeys.Holder holder, Sameness sameness)
      throws IOException, SQLException {
    if (holder.migration() == null) {
      return Optional.empty();
    }
    if (!Arrays.equals(holder.sha256(), sameness.sha256())) {
      throw new UploadRefused(Why.OTHER_BODY);
    }
    // Gone, if it was deleted this very moment: its key then is free.
    return Optional.of(
        new Receipt(
            migrations.find(holder.migration()).orElseThrow(() -> new UploadRefused(Why.UNDER_WAY)),
            true));
  }

  private Receipt create(
      Owner owner, Settings settings, @Nullable MigrationId parent, NewList list, Read read)
      throws SQLException {
    MigrationId id = MigrationId.create(clock.instant());
    Birth birth =
        new Birth(id, parent, owner.page(), owner.caller(), settings, list.no(), read.content());
    try {
      transactions.run(
          connection -> {
            RoundTrip trip = RoundTrip.opening();
            UploadKeys.bind(trip, owner, list.no(), id, read.sha256());
            birth.add(trip);
            list.bind(trip);
            trip.run(connection);
            return id;
          });
    } catch (SQLException e) {
      // It may be committed all the same. If it is not, the list goes by itself in half a minute.
      list.bound();
      throw e;
    }
    list.bound();
    return new Receipt(
        migrations.find(id).orElseThrow(() -> new UploadRefused(Why.UNDER_WAY)), false);
  }

  /**
   * Of a key that is bound nothing changes. If this fails, the key is free once the list is dead.
   */
  private void free(Owner owner, long listNo) {
    try {
      keys.free(owner, listNo);
    } catch (SQLException e) {
      LOG.debugf("The key of an upload is free in half a minute (%s)", Outage.describe(e));
    }
  }
}
