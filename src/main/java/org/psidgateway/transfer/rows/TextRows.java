package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** Reads a text with one id a line. Nothing is trimmed: blanks are told, not guessed away. */
final class TextRows {
  private TextRows() {}

  static void read(InputStream in, int wanted, Delivery delivery) throws IOException {
    Lines lines = new Lines(in);
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!line.isEmpty()) {
        long[] values = new long[wanted];
        Arrays.fill(values, Value.of(Flaw.MISSING));
        values[0] = Value.of(line);
        delivery.row(new Row(lines.number(), List.of(line), values));
      }
    }
  }
}
