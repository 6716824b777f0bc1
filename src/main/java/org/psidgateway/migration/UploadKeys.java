package org.psidgateway.migration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.Uploads.Owner;

/**
 * Idempotency keys: each is free, or taken by an upload for as long as its list is alive, or bound
 * to a migration for as long as that exists. Methods block. Thread-safe.
 */
final class UploadKeys {
  private static final String FIND =
      """
      select list_no, migration_id, sha256,
             exists (select from list l where l.no = k.list_no and l.until > ledger_now())
        from migration_key k where caller = ? and page_id = ? and key = ?
      """;

  // A list that somebody has registered and this statement does not see yet is taken for a dead
  // one: its upload then fails when it binds the key.
  private static final String TAKE =
      """
      insert into migration_key as k (caller, page_id, key, list_no) values (?, ?, ?, ?)
          on conflict (caller, page_id, key) do update
         set list_no = case when k.migration_id is null
                             and not exists (select from list l where l.no = k.list_no and l.until > ledger_now())
                            then excluded.list_no else k.list_no end
      returning list_no, migration_id, sha256, true
      """;

  private static final String BIND =
      """
      update migration_key set migration_id = ?, sha256 = ?
       where caller = ? and page_id = ? and key = ? and list_no = ? and migration_id is null
      returning 1
      """;

  private static final String FREE =
      """
      delete from migration_key
       where caller = ? and page_id = ? and key = ? and list_no = ? and migration_id is null
      """;

  private final Transactions transactions;

  UploadKeys(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Whose a key is.
   *
   * @param migration null while an upload is at it
   * @param sha256 of the bytes that have made the migration
   * @param alive whether that upload may still come to its end
   */
  record Holder(
      long listNo, @Nullable MigrationId migration, byte @Nullable [] sha256, boolean alive) {}

  /** Empty for a key that nobody has. */
  Optional<Holder> find(Owner owner) throws SQLException {
    return transactions.plain(
        connection -> {
          List<Holder> found = new ArrayList<>(1);
          RoundTrip.plain()
              .query(
                  FIND, rows -> add(rows, found), owner.caller(), owner.page().value(), owner.key())
              .run(connection);
          return found.stream().findFirst();
        });
  }

  /** Takes it for this list, unless somebody has it; who has it then. */
  Holder take(Owner owner, long listNo) throws SQLException {
    return transactions.run(
        connection -> {
          List<Holder> found = new ArrayList<>(1);
          RoundTrip.opening()
              .query(
                  TAKE,
                  rows -> add(rows, found),
                  owner.caller(),
                  owner.page().value(),
                  owner.key(),
                  listNo)
              .run(connection);
          return found.get(0);
        });
  }

  private static void add(ResultSet rows, List<Holder> found) throws SQLException {
    if (rows.next()) {
      UUID migration = rows.getObject(2, UUID.class);
      found.add(
          new Holder(
              rows.getLong(1),
              migration == null ? null : new MigrationId(migration),
              rows.getBytes(3),
              rows.getBoolean(4)));
    }
  }

  /**
   * Adds to a transaction that the key belongs to the migration from now on.
   *
   * @throws UploadRefused when it is run, if another upload has taken it over
   */
  static void bind(RoundTrip trip, Owner owner, long listNo, MigrationId id, byte[] sha256) {
    trip.query(
        BIND,
        row -> {
          if (!row.next()) {
            throw new UploadRefused(UploadRefused.Why.UNDER_WAY);
          }
        },
        id.value(),
        sha256,
        owner.caller(),
        owner.page().value(),
        owner.key(),
        listNo);
  }

  /** Lets it go, if it is still this list's. */
  void free(Owner owner, long listNo) throws SQLException {
    transactions.run(
        connection -> {
          RoundTrip.opening()
              .update(FREE, owner.caller(), owner.page().value(), owner.key(), listNo)
              .commit()
              .run(connection);
          return true;
        });
  }
}
