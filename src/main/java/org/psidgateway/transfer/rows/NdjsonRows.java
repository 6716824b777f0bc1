package org.psidgateway.transfer.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads NDJSON: an item a line. A line that is no JSON is a row with a flaw, as others are. */
final class NdjsonRows {
  private final Items items;
  private final Delivery delivery;

  private NdjsonRows(List<String> columns, Delivery delivery) {
    this.items = new Items(columns);
    this.delivery = delivery;
  }

  static void read(InputStream in, List<String> columns, Delivery delivery) throws IOException {
    NdjsonRows rows = new NdjsonRows(columns, delivery);
    Lines lines = new Lines(in);
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!isEmpty(line)) {
        rows.line(line, lines.number());
      }
    }
  }

  /** But for what is blank in JSON; any other line is a row. */
  private static boolean isEmpty(String line) {
    int i = 0;
    while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '\t')) {
      i++;
    }
    return i == line.length();
  }

  private void line(String line, long number) throws IOException {
    ClosingRow closing = ClosingRow.ofNdjson(line);
    if (closing != null) {
      delivery.closing(closing, number);
    } else {
      delivery.row(new Row(number, List.of(line), values(line)));
    }
  }

  private long[] values(String line) throws IOException {
    try (JsonParser json = Items.JSON.createParser(line)) {
      json.nextToken();
      long[] values = items.values(json);
      return json.nextToken() == null ? values : items.flawed(Flaw.NOT_JSON);
    } catch (JsonProcessingException e) {
      return items.flawed(Flaw.NOT_JSON);
    }
  }
}
