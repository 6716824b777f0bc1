package org.psidgateway.transfer.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What the items of NDJSON and of JSON have in common: strings, or objects with members. */
final class Items {
  /** The longest item, in characters. */
  static final int LONGEST = 1 << 20;

  /** Bounded, and without a memory of names, which come from outside. */
  static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST).maxNestingDepth(64).build())
          .build();

  private static final long ABSENT = 0;

  private final List<String> columns;

  Items(List<String> columns) {
    this.columns = columns;
  }

  /** The same flaw in all columns. */
  long[] flawed(Flaw flaw) {
    long[] values = new long[columns.size()];
    Arrays.fill(values, Value.of(flaw));
    return values;
  }

  /**
   * The values of the item whose first token is the current one; afterwards its last token is. A
   * bare value belongs to the first column.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not well-formed JSON
   */
  long[] values(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return members(json);
    }
    boolean bare = json.currentToken().isScalarValue() && !json.currentToken().isBoolean();
    long[] values = flawed(bare ? Flaw.MISSING : Flaw.NOT_AN_ID);
    values[0] = value(json);
    return values;
  }

  private long[] members(JsonParser json) throws IOException {
    long[] values = new long[columns.size()];
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      int column = columns.indexOf(name);
      if (column < 0) {
        json.skipChildren();
      } else {
        long value = value(json);
        values[column] = values[column] == ABSENT ? value : Value.of(Flaw.AMBIGUOUS);
      }
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] == ABSENT) {
        values[i] = Value.of(Flaw.MISSING);
      }
    }
    return values;
  }

  private static long value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return Value.of(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }
    json.skipChildren();
    if (token.isNumeric()) {
      return Value.of(Flaw.NUMBER);
    }
    return Value.of(token == JsonToken.VALUE_NULL ? Flaw.MISSING : Flaw.NOT_AN_ID);
  }
}
