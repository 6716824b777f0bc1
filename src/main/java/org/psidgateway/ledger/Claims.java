package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.psidgateway.model.PageId;

/**
 * Who is asking which id, for all pods: one row an id, inserted before anybody looks whether the id
 * is known. Rows are locked by ascending id, in every statement.
 */
final class Claims {
  // A lapsed claim is taken over in the same pass, so that the order of locks is one. A claim of a
  // call under way never lapses: that takes somebody who has found the call to be uncertain.
  private static final String TAKE =
      """
      insert into claim (page_id, asid, call_id, lapses_at)
      select ?, asid, ?, 'infinity'
        from unnest(?::bigint[]) as t(asid) order by asid
          on conflict (asid, page_id) do update
             set call_id = excluded.call_id, lapses_at = excluded.lapses_at
           where claim.lapses_at <= ledger_now()
      returning asid, uncertain > 0
      """;

  private static final String HOLDERS =
      "select call_id, asid from claim where page_id = ? and asid = any(?)";

  private static final String DROP = "delete from claim where page_id = ? and asid = any(?)";

  // That a call for an id ended uncertain outlives the calls that come to nothing after it.
  private static final String GIVE_BACK =
      """
      with kept as (
        update claim set lapses_at = ledger_now()
         where page_id = ? and asid = any(?) and uncertain > 0)
      delete from claim where page_id = ? and asid = any(?) and uncertain = 0
      """;

  private static final String DROP_ALL =
      """
      with mine as (
        select asid, page_id, uncertain > 0 and asid <> all(?) as kept
          from claim where call_id = ? order by asid for update),
      lapsed as (
        update claim c set lapses_at = least(c.lapses_at, ledger_now())
          from mine m where m.kept and c.asid = m.asid and c.page_id = m.page_id)
      delete from claim c using mine m
       where not m.kept and c.asid = m.asid and c.page_id = m.page_id
      """;

  private static final String POSTPONE =
      """
      with mine as (select asid, page_id from claim where call_id = ? order by asid for update)
      update claim c
         set lapses_at = ledger_now() + make_interval(secs => ? * 2 ^ least(c.uncertain, 16)),
             uncertain = least(c.uncertain + 1, 100)
        from mine m where c.asid = m.asid and c.page_id = m.page_id and c.lapses_at = 'infinity'
      """;

  private static final String UNDER_WAY =
      "select call_id, asid from claim where call_id = any(?) and lapses_at > ledger_now()";

  private final Connection connection;
  private final PageId page;

  Claims(Connection connection, PageId page) {
    this.connection = connection;
    this.page = page;
  }

  /**
   * Ids claimed, in the order of the candidates; {@code uncertain} are those asked in vain before.
   */
  record Taken(long[] asids, Set<Long> uncertain) {}

  /** Claims those that are free, until their call is over. */
  Taken take(long[] asids, UUID callId) throws SQLException {
    Set<Long> taken = new HashSet<>(asids.length * 2);
    Set<Long> uncertain = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setLong(1, page.value());
      statement.setObject(2, callId);
      statement.setObject(3, asids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          taken.add(rows.getLong(1));
          if (rows.getBoolean(2)) {
            uncertain.add(rows.getLong(1));
          }
        }
      }
    }
    return new Taken(
        taken.size() == asids.length
            ? asids
            : LongStream.of(asids).filter(taken::contains).toArray(),
        uncertain);
  }

  /** Of {@code asids}, those that other calls hold, by call. */
  Map<UUID, long[]> holders(long[] asids) throws SQLException {
    if (asids.length == 0) {
      return Map.of();
    }
    Map<UUID, LongStream.Builder> byCall = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(HOLDERS)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byCall
              .computeIfAbsent(rows.getObject(1, UUID.class), c -> LongStream.builder())
              .add(rows.getLong(2));
        }
      }
    }
    Map<UUID, long[]> holders = new HashMap<>();
    byCall.forEach((call, ids) -> holders.put(call, ids.build().toArray()));
    return holders;
  }

  /** Gives up claims that this transaction took. */
  void drop(long[] asids) throws SQLException {
    if (asids.length > 0) {
      try (PreparedStatement statement = connection.prepareStatement(DROP)) {
        statement.setLong(1, page.value());
        statement.setObject(2, asids);
        statement.executeUpdate();
      }
    }
  }

  /** Gives up claims that this transaction took, of ids that are still not known. */
  void giveBack(long[] asids) throws SQLException {
    if (asids.length > 0) {
      try (PreparedStatement statement = connection.prepareStatement(GIVE_BACK)) {
        statement.setLong(1, page.value());
        statement.setObject(2, asids);
        statement.setLong(3, page.value());
        statement.setObject(4, asids);
        statement.executeUpdate();
      }
    }
  }

  /**
   * Gives up what the call still holds; what another call has taken over stays.
   *
   * @param resolved ids that the call has answered
   */
  static void dropAll(Connection connection, UUID callId, long[] resolved) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DROP_ALL)) {
      statement.setObject(1, resolved);
      statement.setObject(2, callId);
      statement.executeUpdate();
    }
  }

  /** Keeps what the call still holds from being asked again for a while, doubling for each time. */
  static void postpone(Connection connection, UUID callId, Duration delay) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(POSTPONE)) {
      statement.setObject(1, callId);
      statement.setDouble(2, delay.toMillis() / 1000.0);
      statement.executeUpdate();
    }
  }

  /** The ids that {@code calls} still hold, or that are kept from being asked for a while. */
  static Map<UUID, Set<Long>> underWay(Connection connection, Set<UUID> calls) throws SQLException {
    Map<UUID, Set<Long>> holding = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(UNDER_WAY)) {
      statement.setArray(1, connection.createArrayOf("uuid", calls.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          holding
              .computeIfAbsent(rows.getObject(1, UUID.class), call -> new HashSet<>())
              .add(rows.getLong(2));
        }
      }
    }
    return holding;
  }

  /** {@code all} without {@code some}, in the order of {@code all}. */
  static long[] without(long[] all, long[] some) {
    if (some.length == 0) {
      return all;
    }
    long[] sorted = some.clone();
    Arrays.sort(sorted);
    return LongStream.of(all).filter(id -> Arrays.binarySearch(sorted, id) < 0).toArray();
  }
}
