package org.psidgateway.migration.list;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.Ids;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.Flaw;
import org.psidgateway.transfer.rows.Row;
import org.psidgateway.transfer.rows.RowSink;

/** Stores the rows of a file while it is read, a short transaction for each MiB of them. */
final class StagedRows implements RowSink {
  /** SQL state of a table that is not there. */
  private static final String NO_TABLE = "42P01";

  private final Transactions transactions;
  private final long no;
  private final FileFormat format;
  private final BinaryRows rows = new BinaryRows();
  private @Nullable List<String> columns;
  private int width = 1;
  private long received;
  private long malformed;

  StagedRows(Transactions transactions, long no, FileFormat format) {
    this.transactions = transactions;
    this.no = no;
    this.format = format;
  }

  @Override
  public void columns(List<String> names) {
    columns = names.stream().map(name -> name.replace('\0', '\ufffd')).toList();
    width = names.size();
  }

  @Override
  public void row(Row row) throws IOException {
    long asid = row.id(0);
    received++;
    if (asid == Ids.MALFORMED) {
      malformed++;
    }
    width = Math.max(width, row.cells().size());
    rows.add(row.line(), asid, cells(row, asid));
    if (rows.isFull()) {
      send();
    }
  }

  private byte @Nullable [] cells(Row row, long asid) {
    return format == FileFormat.CSV
        ? RowText.csv(row.cells(), asid)
        : RowText.text(row.cells().get(0), asid, format, row.flaw(0) == Flaw.NOT_JSON);
  }

  Content end() throws IOException {
    send();
    return new Content(received, malformed, format, columns, width);
  }

  private void send() throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      send(rows.end());
      rows.clear();
    } catch (SQLException e) {
      throw new NotStored(NO_TABLE.equals(e.getSQLState()) ? NewList.lost(e) : e);
    }
  }

  private void send(byte[] bytes) throws SQLException {
    transactions.run(
        connection -> {
          RoundTrip.opening().run(connection);
          CopyIn copy =
              connection
                  .unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn("copy " + ListTables.rows(no) + " from stdin (format binary)");
          try {
            copy.writeToCopy(bytes, 0, bytes.length);
            return copy.endCopy();
          } finally {
            if (copy.isActive()) {
              copy.cancelCopy();
            }
          }
        });
  }

  /** PostgreSQL's failure, on its way through the reader. */
  static final class NotStored extends IOException {
    private static final long serialVersionUID = 1L;

    private final SQLException sql;

    NotStored(SQLException sql) {
      super(sql);
      this.sql = sql;
    }

    SQLException sql() {
      return sql;
    }
  }
}
