package org.psidgateway.books;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Micros;

/** The ledger's entries, latest first: calls, and figures taken over from the upstream. */
final class Entries {
  private static final String PAGE =
      """
      select * from (
        (select grant_no as entry_no, micros(granted_at) as at, call_id, page_id, lane, state, asked, callers, caller_ids,
                coalesce(returned, 0) as returned, outcome, micros(settled_at) as settled_at, probe,
                retry, isolation,
                null::bigint as committed, null::bigint as was, null::bigint as cleared,
                null::bigint as as_of, null as note, null as noted_by
           from call where grant_no < ? order by grant_no desc limit ?)
        union all
        (select entry_no, micros(noted_at), null, null, null, null, null, null, null, null, null,
                null, null, null, null, committed, was, cleared, micros(as_of), note, noted_by
           from reconciliation where entry_no < ? order by entry_no desc limit ?)) as entry
       order by entry_no desc limit ?
      """;

  private Entries() {}

  /** Up to {@code limit} entries with numbers below {@code before}. */
  static List<LedgerEntry> read(Connection connection, long before, int limit) throws SQLException {
    List<LedgerEntry> entries = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setLong(1, before);
      statement.setInt(2, limit);
      statement.setLong(3, before);
      statement.setInt(4, limit);
      statement.setInt(5, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          entries.add(row.getObject("call_id") == null ? reconciliation(row) : call(row));
        }
      }
    }
    return entries;
  }

  private static LedgerEntry call(ResultSet row) throws SQLException {
    return new LedgerEntry.Call(
        row.getLong("entry_no"),
        row.getObject("call_id", UUID.class),
        row.getLong("page_id") == 0 ? null : new PageId(row.getLong("page_id")),
        Lane.valueOf(row.getString("lane")), // in upper case, as older pods write and read it
        row.getString("state").toLowerCase(Locale.ROOT),
        row.getInt("asked"),
        callers(row.getArray("callers"), row.getArray("caller_ids")),
        row.getInt("returned"),
        lowerCase(row.getString("outcome")),
        row.getBoolean("probe"),
        row.getBoolean("retry"),
        row.getBoolean("isolation"),
        Micros.instant(row.getLong("at")),
        orNull(row, "settled_at"));
  }

  private static @Nullable Map<String, Integer> callers(@Nullable Array names, @Nullable Array ids)
      throws SQLException {
    if (names == null || ids == null) {
      return null;
    }
    Map<String, Integer> callers = new TreeMap<>();
    for (int i = 0; i < ((String[]) names.getArray()).length; i++) {
      callers.put(((String[]) names.getArray())[i], ((Integer[]) ids.getArray())[i]);
    }
    return callers;
  }

  /** One vocabulary, though old rows have some of it in upper case. */
  private static @Nullable String lowerCase(@Nullable String outcome) {
    return outcome == null ? null : outcome.toLowerCase(Locale.ROOT);
  }

  private static LedgerEntry reconciliation(ResultSet row) throws SQLException {
    return new LedgerEntry.Reconciliation(
        row.getLong("entry_no"),
        row.getLong("committed"),
        row.getLong("was"),
        row.getLong("cleared"),
        Micros.instant(row.getLong("as_of")),
        row.getString("note"),
        row.getString("noted_by"),
        Micros.instant(row.getLong("at")));
  }

  private static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Micros.instant(micros);
  }
}
