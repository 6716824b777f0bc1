package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lists of ids in any form, row by row: memory doesn't grow with the file. */
public final class RowReader {
  private RowReader() {}

  /**
   * What is read, and how much of it.
   *
   * @param columns the names of those wanted, at least one; the first is that of the id
   * @param named whether somebody has named the first column: then a CSV has to have it
   * @param separator of the cells of a CSV; null if it is to be found out
   * @param mostBytes after unpacking
   */
  public record Options(
      FileFormat format,
      boolean gzip,
      List<String> columns,
      boolean named,
      @Nullable Character separator,
      long mostRows,
      long mostBytes) {

    /** With the usual names of columns, or without any. */
    Options(
        FileFormat format,
        boolean gzip,
        List<String> columns,
        @Nullable Character separator,
        long mostRows,
        long mostBytes) {
      this(format, gzip, columns, false, separator, mostRows, mostBytes);
    }

    public Options {
      columns = List.copyOf(columns);
      if (columns.isEmpty()) {
        throw new IllegalArgumentException("no column is wanted");
      }
      if (separator != null && "\"\r\n".indexOf(separator) >= 0) {
        throw new IllegalArgumentException("not a separator");
      }
    }
  }

  /**
   * Reads {@code in} to its end and gives each row to {@code sink}, in the calling thread; then
   * compares them with the closing row, if there is one. Rows and failures depend on the bytes
   * alone, not on the pieces they come in. Never closes {@code in}. After a failure the sink may
   * have got rows, and {@code in} is not read to its end.
   *
   * @return how many rows there were; headers and closing rows are none
   * @throws UnreadableFile if the file as a whole can't be read, or is larger than allowed
   * @throws IOException what {@code in} or {@code sink} has thrown, unchanged
   */
  public static long read(InputStream in, Options options, RowSink sink) throws IOException {
    Layer blocks = new Blocks(in);
    if (!options.gzip) {
      return readPlain(blocks, options, sink);
    }
    try (Gunzip unpacked = new Gunzip(blocks)) {
      return readPlain(unpacked, options, sink);
    }
  }

  private static long readPlain(InputStream in, Options options, RowSink sink) throws IOException {
    InputStream bounded = new BoundedLayer(in, options.mostBytes);
    Delivery delivery = new Delivery(sink, options.mostRows);
    return switch (options.format) {
      case CSV -> {
        ClosingDigest digest = new ClosingDigest(bounded, ClosingRow.CSV_START);
        CsvRows.read(
            new Utf8Layer(digest), options.columns, options.named, options.separator, delivery);
        yield delivery.end(digest.beforeLast());
      }
      case NDJSON -> {
        ClosingDigest digest = new ClosingDigest(bounded, ClosingRow.NDJSON_START);
        NdjsonRows.read(new Utf8Layer(digest), options.columns, delivery);
        yield delivery.end(digest.beforeLast());
      }
      case TEXT -> {
        TextRows.read(new Utf8Layer(bounded), options.columns.size(), delivery);
        yield delivery.end(null);
      }
      case JSON -> {
        JsonRows.read(new Utf8Layer(bounded), options.columns, delivery);
        yield delivery.end(null);
      }
    };
  }
}
