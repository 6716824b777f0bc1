package org.psidgateway.transfer;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;

/**
 * A table that holds the pairs of one file, by their lines, until they are merged. It is written to
 * no log: what a crash loses, the caller sends again. Every method is one short transaction;
 * whoever does not call any for {@link #KEPT} loses the table. One thread at a time.
 */
final class Staging {
  /** Longer than a caller may be silent. */
  static final Duration KEPT = Duration.ofMinutes(3);

  /** As PostgreSQL says if it has to end something; the same may succeed later. */
  static final String LOST = "57P02";

  private static final String REGISTER =
      "insert into staging (name, page_id, until) values (?, ?, ledger_now() + make_interval(secs => ?))";

  private static final String CREATE =
      """
      create unlogged table %s (line bigint primary key, asid bigint not null, psid bigint not null)
        with (autovacuum_enabled = off)
      """;

  private static final String KEEP =
      "update staging set until = ledger_now() + make_interval(secs => ?) where name = ? returning 1";

  private final Transactions transactions;
  private final PageId page;
  private final String name = "staging_" + UUID.randomUUID().toString().replace("-", "");

  private Staging(Transactions transactions, PageId page) {
    this.transactions = transactions;
    this.page = page;
  }

  static Staging create(Transactions transactions, PageId page) throws SQLException {
    Staging staging = new Staging(transactions, page);
    transactions.run(
        connection -> {
          RoundTrip.opening()
              .update(REGISTER, staging.name, page.value(), seconds())
              .update(CREATE.formatted(staging.name))
              .run(connection);
          return staging;
        });
    return staging;
  }

  String name() {
    return name;
  }

  PageId page() {
    return page;
  }

  /** Appends rows in the text format of COPY. */
  void copy(byte[] rows, int length) throws SQLException {
    transactions.run(
        connection -> {
          keep(RoundTrip.opening()).run(connection);
          CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement());
          try {
            copy.writeToCopy(rows, 0, length);
            return copy.endCopy();
          } finally {
            if (copy.isActive()) {
              copy.cancelCopy();
            }
          }
        });
  }

  private String copyStatement() {
    return "copy " + name + " (line, asid, psid) from stdin";
  }

  /** Adds to a transaction that the table is still in use; it fails if somebody dropped it. */
  RoundTrip keep(RoundTrip trip) {
    return trip.query(
        KEEP,
        row -> {
          if (!row.next()) {
            throw new SQLException("the staging table was given up", LOST);
          }
        },
        seconds(),
        name);
  }

  void drop() throws SQLException {
    transactions.run(
        connection -> {
          dropping(RoundTrip.opening(), name).run(connection);
          return name;
        });
  }

  /** Adds to a transaction that a table of this name goes. */
  static RoundTrip dropping(RoundTrip trip, String name) {
    return trip.update("delete from staging where name = ?", name)
        .update("drop table if exists " + name);
  }

  private static double seconds() {
    return KEPT.toMillis() / 1000.0;
  }

  /** Rows in the text format of COPY, which are sent in pieces of some 20 000. Not thread-safe. */
  static final class Rows {
    private static final int SIZE = 1 << 20;
    private static final int LONGEST = 64;

    private final AsciiBytes bytes = new AsciiBytes(SIZE);

    void add(long line, long asid, long psid) {
      bytes.number(line).add('\t').number(asid).add('\t').number(psid).add('\n');
    }

    boolean isFull() {
      return bytes.length() > SIZE - LONGEST;
    }

    boolean isEmpty() {
      return bytes.length() == 0;
    }

    void sendTo(Staging staging) throws SQLException {
      staging.copy(bytes.array(), bytes.length());
      bytes.clear();
    }
  }
}
