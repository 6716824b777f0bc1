package org.psidgateway.transfer.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Reads JSON: an array of items, or an object with such an array, as our own lists are. */
final class JsonRows {
  private static final Set<String> LISTS = Set.of("items", "asids");

  private final Items items;
  private final Delivery delivery;
  private final Tape tape;
  private long item;

  private JsonRows(InputStream in, List<String> columns, Delivery delivery) {
    this.items = new Items(columns);
    this.delivery = delivery;
    this.tape = new Tape(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  static void read(InputStream in, List<String> columns, Delivery delivery) throws IOException {
    JsonRows rows = new JsonRows(in, columns, delivery);
    try (JsonParser json = Items.JSON.createParser(rows.tape)) {
      rows.document(json);
    }
  }

  private void document(JsonParser json) throws IOException {
    JsonToken token = next(json);
    boolean found = token == JsonToken.START_ARRAY;
    if (found) {
      list(json);
    } else if (token == JsonToken.START_OBJECT) {
      while (next(json) != JsonToken.END_OBJECT) {
        String name = json.currentName();
        if (next(json) == JsonToken.START_ARRAY && LISTS.contains(name)) {
          if (found) {
            throw unreadable("the object has a second list");
          }
          found = true;
          list(json);
        } else {
          parsed(json::skipChildren);
        }
      }
    }
    if (!found) {
      throw unreadable("neither an array of items nor an object with one, named items or asids");
    }
    if (next(json) != null) {
      throw unreadable("something follows the list");
    }
  }

  private void list(JsonParser json) throws IOException {
    while (next(json) != JsonToken.END_ARRAY) {
      item++;
      tape.begin(item, json.currentTokenLocation().getCharOffset());
      long[] values = parsed(() -> item(json));
      String text = tape.end(json.currentLocation().getCharOffset());
      delivery.row(new Row(item, List.of(text), values));
    }
  }

  /** To its last character: a string is otherwise read when somebody asks for it. */
  private long[] item(JsonParser json) throws IOException {
    long[] values = items.values(json);
    json.finishToken();
    return values;
  }

  private @Nullable JsonToken next(JsonParser json) throws IOException {
    return parsed(json::nextToken);
  }

  /** Not around the sink: what that throws is its own. */
  private <T extends @Nullable Object> T parsed(Step<T> step) throws IOException {
    try {
      return step.take();
    } catch (JsonProcessingException e) {
      throw unreadable("not well-formed JSON, or nested too deeply");
    }
  }

  private UnreadableFile unreadable(String what) {
    String where = item == 0 ? "" : ", at or after item " + item;
    return new UnreadableFile(Kind.SYNTAX, item, "the file can't be read" + where + ": " + what);
  }

  private interface Step<T extends @Nullable Object> {
    T take() throws IOException;
  }
}
