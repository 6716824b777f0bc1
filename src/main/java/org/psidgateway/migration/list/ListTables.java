package org.psidgateway.migration.list;

import org.psidgateway.db.RoundTrip;

/**
 * The two tables of a list.
 *
 * <ul>
 *   <li>Rows, as they came: {@code line}; {@code asid}, null if the row is malformed; {@code
 *       cells}, null if the row is the digits of its id and nothing more. A row of a CSV is a line
 *       of RFC 4180 without its end, separated by commas, quoted where that is needed. Of other
 *       forms it is the text, which of an item that is no JSON begins with {@link #NO_JSON}. They
 *       never change, unless somebody is erased.
 *   <li>Ids, each once: {@code asid}; {@code line}, its first row; {@code verdict}, see {@link
 *       ListVerdict}; {@code decided}, the migration's {@code progress} that came with the verdict.
 * </ul>
 */
public final class ListTables {
  /** In no text is there such a byte. */
  public static final byte NO_JSON = (byte) 0xff;

  private static final String CREATE_ROWS =
      "create table %s (line bigint primary key, asid bigint, cells bytea)";

  // Room for the verdict to be written beside the id.
  private static final String CREATE_IDS =
      """
      create table %s (asid bigint primary key, line bigint not null, verdict bigint, decided bigint)
        with (fillfactor = 50)
      """;

  // Rows can be a MiB each, so both their number and their bytes are bounded; the first one always
  // is among them.
  private static final String PART =
      """
      select line, asid, cells from (
        select line, asid, cells, sum(coalesce(octet_length(cells), 0))
                 over (order by line rows between unbounded preceding and current row)
                 - coalesce(octet_length(cells), 0) as bytes_before
          from (select line, asid, cells from %s where line > ? order by line limit ?) next) counted
       where bytes_before < ?
      """;

  // Tables that were never analysed would be read whole.
  private static final String BY_INDEX =
      """
      select num_nonnulls(set_config('enable_hashjoin', 'off', true),
                          set_config('enable_mergejoin', 'off', true),
                          set_config('enable_seqscan', 'off', true),
                          set_config('enable_bitmapscan', 'off', true)) > 0
      """;

  private ListTables() {}

  /** The name of the table of rows. */
  public static String rows(long no) {
    return "list_" + no + "_row";
  }

  /** The name of the table of ids. */
  public static String ids(long no) {
    return "list_" + no + "_id";
  }

  /**
   * A query for the next rows, by line, with the parameters: the line behind which they begin, most
   * rows, most bytes.
   */
  public static String part(long no) {
    return PART.formatted(rows(no));
  }

  /** Adds that the transaction finds rows by their keys, whatever is known of the tables. */
  public static RoundTrip byIndex(RoundTrip trip) {
    return trip.query(BY_INDEX, rows -> {});
  }

  static RoundTrip creating(RoundTrip trip, long no) {
    return trip.update(CREATE_ROWS.formatted(rows(no))).update(CREATE_IDS.formatted(ids(no)));
  }

  static RoundTrip dropping(RoundTrip trip, long no) {
    return trip.update("delete from list where no = ?", no)
        .update("drop table if exists " + rows(no) + ", " + ids(no));
  }
}
