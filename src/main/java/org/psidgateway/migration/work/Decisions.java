package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Moves;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListTables;

/**
 * What the owner writes: each in one short transaction that looks at the lease once it has locked
 * the migration, so that a process which was frozen, and lost the lease, writes nothing. Methods
 * block, and throw {@link Lost} then. Thread-safe.
 */
final class Decisions {
  private static final String STANDING =
      "select " + DecisionSql.STANDING + " from migration g where id = ?";

  private static final String STILL = "select 1 from migration g where g.id = ? and %s";

  private static final String FED = "update migration set fed_line = ? where id = ?";

  // Ids of the calls that are not under way any more are to be asked again, as any others.
  private static final String RECOUNT =
      """
      with c as materialized (
        select coalesce(sum(asked), 0) as ids, coalesce(sum(asked) filter (where spends), 0) as units
          from call where migration_id = ? and state = 'granted')
      update migration
         set under_way = c.ids, units_held = c.units, units_uncertain = units_uncertain + units_held - c.units,
             progress = progress + 1
        from c where id = ?
      """;

  private final Transactions transactions;
  private final Lease lease;

  Decisions(Transactions transactions, Lease lease) {
    this.transactions = transactions;
    this.lease = lease;
  }

  /** Another process is the owner by now; no outage, and nothing to be told to anybody. */
  static final class Lost extends SQLException {
    private static final long serialVersionUID = 1L;
    private static final String NO_DATA = "02000";

    Lost() {
      super("another process owns the migrations", NO_DATA);
    }
  }

  /** What is done with the migration's row locked. */
  @FunctionalInterface
  interface Locked<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * Runs work with the row locked, as the lease's latest holder: the next one locks the row too, so
   * that it sees what this one has done. {@code ended} if the migration has ended.
   */
  <T> T locked(MigrationId id, long fence, T ended, Locked<T> work) throws SQLException {
    return transactions.run(
        connection -> {
          boolean[] living = {false};
          RoundTrip.opening()
              .query(DecisionSql.LOCK, row -> living[0] = row.next(), id.value())
              .run(connection);
          if (!lease.isLatest(connection, fence)) {
            throw new Lost();
          }
          return living[0] ? work.in(connection) : ended;
        });
  }

  /** Ids were answered without a call of the migration's own. */
  void joined(Job job, long fence, long[] asids, long[] verdicts) throws SQLException {
    locked(
        job.id(),
        fence,
        false,
        connection -> {
          List<@Nullable Standing> after = new ArrayList<>(1);
          RoundTrip.further()
              .query(
                  new DecisionSql(job.listNo()).joined(),
                  row -> after.add(Standing.read(row)),
                  job.id().value(),
                  asids,
                  verdicts,
                  job.page().value())
              .run(connection);
          RoundTrip last = RoundTrip.further();
          Standing standing = after.get(0);
          if (standing != null) {
            standing.conclude(last, job.id());
          }
          last.run(connection);
          return true;
        });
  }

  /** Remembers that every id up to this line is decided. */
  void fed(Job job, long fence, long line) throws SQLException {
    locked(
        job.id(),
        fence,
        false,
        connection -> {
          RoundTrip.further().update(FED, line, job.id().value()).run(connection);
          return true;
        });
  }

  /**
   * Moves on, at once if no call is under way, else as soon as none is; not if it is stopping for
   * good already.
   *
   * @param because what has to be true of the migration {@code g} by now too: somebody may have
   *     changed its settings since the owner looked
   */
  void move(MigrationId id, long fence, State to, @Nullable String reason, String because)
      throws SQLException {
    locked(
        id,
        fence,
        false,
        connection -> {
          boolean[] still = {false};
          RoundTrip.further()
              .query(STILL.formatted(because), row -> still[0] = row.next(), id.value())
              .run(connection);
          if (!still[0]) {
            return false;
          }
          Standing standing = standing(connection, id);
          boolean stopping = standing.next() != null && standing.next().isEnd();
          boolean paused = to == State.PAUSED && !standing.state().isWorking();
          RoundTrip trip = RoundTrip.further();
          if (stopping) {
            standing.conclude(trip, id);
          } else if (!paused && standing.underWay() == 0) {
            Moves.move(trip, id, standing.state(), to, reason, Moves.GATEWAY);
          } else if (!paused && standing.next() != to) {
            Moves.moveNext(trip, id, to, reason, Moves.GATEWAY);
          }
          trip.run(connection);
          return true;
        });
  }

  /** The same, whatever the settings say. */
  void move(MigrationId id, long fence, State to, @Nullable String reason) throws SQLException {
    move(id, fence, to, reason, "true");
  }

  /** Sets right what is under way by the calls that are; see {@link Job#astray}. */
  void recount(MigrationId id, long fence) throws SQLException {
    locked(
        id,
        fence,
        false,
        connection -> {
          ListTables.byIndex(RoundTrip.further())
              .update(RECOUNT, id.value(), id.value())
              .run(connection);
          return true;
        });
  }

  /** Makes the move that is due, if one is. */
  void conclude(MigrationId id, long fence) throws SQLException {
    locked(
        id,
        fence,
        false,
        connection -> {
          RoundTrip trip = RoundTrip.further();
          standing(connection, id).conclude(trip, id);
          trip.run(connection);
          return true;
        });
  }

  static Standing standing(Connection connection, MigrationId id) throws SQLException {
    List<@Nullable Standing> read = new ArrayList<>(1);
    RoundTrip.further()
        .query(STANDING, row -> read.add(Standing.read(row)), id.value())
        .run(connection);
    return Objects.requireNonNull(read.get(0));
  }
}
