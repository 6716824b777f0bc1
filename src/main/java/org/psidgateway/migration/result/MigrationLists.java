package org.psidgateway.migration.result;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.View;
import org.psidgateway.transfer.rows.FileFormat;

/** Which list is that of a migration. Blocks. Thread-safe. */
@Singleton
public class MigrationLists {
  private static final String FIND =
      """
      select list_no, received, malformed, format, columns, width, state, progress
        from migration where id = ?
      """;

  private final Transactions transactions;

  MigrationLists(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The view of its list as of this moment; empty if there is no such migration. */
  public Optional<ListView> find(MigrationId id, View view) throws SQLException {
    return transactions.plain(
        connection -> {
          ListView[] found = {null};
          RoundTrip.plain()
              .query(FIND, row -> found[0] = row.next() ? view(row, view) : null, id.value())
              .run(connection);
          return Optional.ofNullable(found[0]);
        });
  }

  private static ListView view(ResultSet row, View view) throws SQLException {
    Content content =
        new Content(
            row.getLong(2),
            row.getLong(3),
            FileFormat.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
            columns(row.getArray(5)),
            row.getInt(6));
    State state = State.of(row.getString(7));
    return new ListView(
        row.getLong(1),
        content,
        view,
        state.isEnd(),
        state == State.UPLOADING ? ListView.BEFORE_IDS : row.getLong(8));
  }

  private static @Nullable List<String> columns(@Nullable Array names) throws SQLException {
    return names == null ? null : List.of((String[]) names.getArray());
  }
}
