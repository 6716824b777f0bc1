package org.psidgateway.transfer.rows;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** The records of a CSV, without empty lines; blanks around quotes are not part of a cell. */
final class CsvRecords {
  private static final int LONGEST = 1 << 20;

  /** A record and the line where it begins. */
  record Cells(long line, List<String> cells) {}

  private final Iterator<Cells> records;
  private final Collector collector = new Collector();
  private final long linesBefore;

  /** {@code linesBefore} are those that were taken away from the beginning. */
  CsvRecords(Reader text, char separator, long linesBefore) {
    this.linesBefore = linesBefore;
    this.records =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowExtraFields(true)
            .allowMissingFields(true)
            // Also chooses the other parser of FastCSV 4.1.0: the default one loses a cell in
            // quotes
            // that ends with CR, and miscounts the lines in it.
            .trimWhitespacesAroundQuotes(true)
            .maxBufferSize(LONGEST)
            .build(collector, text)
            .iterator();
  }

  /** The next record; null if there is none. */
  @Nullable Cells next() throws IOException {
    try {
      return records.hasNext() ? at(records.next()) : null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof RuntimeException own && !(own instanceof CsvParseException)) {
        throw own;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw unreadable(collector.line + linesBefore);
    }
  }

  private Cells at(Cells read) {
    return linesBefore == 0 ? read : new Cells(read.line() + linesBefore, read.cells());
  }

  static UnreadableFile unreadable(long line) {
    return new UnreadableFile(
        Kind.SYNTAX,
        line,
        "the record that begins in line "
            + line
            + " can't be read: a quote is never closed, something follows a closing quote, or it is"
            + " longer than 1 MiB");
  }

  private static final class Collector extends AbstractBaseCsvCallbackHandler<Cells> {
    private final List<String> cells = new ArrayList<>();
    private long line;
    private int length;

    @Override
    protected void handleBegin(long startingLineNumber) {
      line = startingLineNumber;
      length = 0;
      cells.clear();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int count, boolean quoted) {
      length += count + 1;
      if (length > LONGEST + 1) {
        throw new CsvParseException("the record is too long");
      }
      cells.add(count == 0 ? "" : new String(buffer, offset, count));
    }

    @Override
    protected Cells buildRecord() {
      return new Cells(
          line, Collections.unmodifiableList(Arrays.asList(cells.toArray(String[]::new))));
    }
  }
}
