package org.psidgateway.migration.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/** An item of JSON, which leaves as it came but for what is added to it. */
final class Item {
  /** Without a memory of names, which come from outside. What is read was within bounds once. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private final byte[] text;
  private final boolean object;
  private final Set<String> members;

  private Item(byte[] text, boolean object, Set<String> members) {
    this.text = text;
    this.object = object;
    this.members = members;
  }

  /** {@code text} is well-formed. */
  static Item of(byte[] text) {
    Set<String> members = new HashSet<>();
    try (JsonParser json = JSON.createParser(text)) {
      boolean object = json.nextToken() == JsonToken.START_OBJECT;
      if (object) {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          members.add(name);
          json.nextToken();
          json.skipChildren();
        }
      }
      return new Item(text, object, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isObject() {
    return object;
  }

  /** Whether the object has no members. */
  boolean isEmpty() {
    return members.isEmpty();
  }

  /** What is added is called so. */
  Names names() {
    return Names.beside(members);
  }

  /** Adds the object, but for the brace that closes it and what follows. */
  void addOpen(TextBytes out) {
    int end = text.length - 1;
    while (text[end] != '}') {
      end--;
    }
    out.add(text, 0, end);
  }
}
