package org.psidgateway.transfer.rows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a file: rows such as {@code 2: 17 MISSING [17, ]}, and the failure, if any.
 */
record Reading(
    List<String> rows, @Nullable List<String> columns, long count, @Nullable IOException failure) {
  static final List<String> ASID = List.of("asid");
  static final List<String> PAIR = List.of("asid", "psid");

  static Reading of(FileFormat format, String file, String... columns) {
    return of(new ByteArrayInputStream(bytes(file)), options(format, columns));
  }

  static Reading of(FileFormat format, byte[] file, String... columns) {
    return of(new ByteArrayInputStream(file), options(format, columns));
  }

  static Reading of(InputStream in, RowReader.Options options) {
    List<String> rows = new ArrayList<>();
    List<List<String>> columns = new ArrayList<>();
    RowSink sink =
        new RowSink() {
          @Override
          public void columns(List<String> names) {
            columns.add(names);
          }

          @Override
          public void row(Row row) {
            rows.add(text(row, options.columns().size()));
          }
        };
    try {
      long count = RowReader.read(in, options, sink);
      return new Reading(rows, columns.isEmpty() ? null : columns.get(0), count, null);
    } catch (IOException e) {
      return new Reading(rows, columns.isEmpty() ? null : columns.get(0), -1, e);
    }
  }

  static RowReader.Options options(FileFormat format, String... columns) {
    List<String> wanted = columns.length == 0 ? ASID : List.of(columns);
    return new RowReader.Options(format, false, wanted, null, 1_000_000, 1 << 30);
  }

  static RowReader.Options gzipped(RowReader.Options of) {
    return new RowReader.Options(
        of.format(), true, of.columns(), of.separator(), of.mostRows(), of.mostBytes());
  }

  /** Kind, line and message of an unreadable file. */
  String unreadable() {
    if (failure instanceof UnreadableFile file) {
      return file.kind() + " " + file.line() + ": " + file.getMessage();
    }
    throw new AssertionError("not unreadable: " + count + " rows", failure);
  }

  /** Everything that two readings of the same bytes have in common. */
  List<String> outcome() {
    List<String> outcome = new ArrayList<>(rows);
    outcome.add(columns + " " + count + " " + failure);
    return outcome;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static String text(Row row, int wanted) {
    StringBuilder text = new StringBuilder().append(row.line()).append(':');
    for (int i = 0; i < wanted; i++) {
      Flaw flaw = row.flaw(i);
      text.append(' ').append(flaw == null ? row.id(i) : flaw);
    }
    return text.append(' ').append(row.cells()).toString();
  }
}
