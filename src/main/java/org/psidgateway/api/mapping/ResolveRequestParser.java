package org.psidgateway.api.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.psidgateway.api.problem.BodyErrors;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Lane;

/**
 * Reads the body of one resolve request, token by token, ids straight into an array: a well-formed
 * id never becomes an object. Nothing is coerced, null is as absent, and unknown fields are errors:
 * a misspelt {@code mode} would spend quota.
 */
final class ResolveRequestParser {
  private static final int BYTES_PER_ID = 20; // a guess, to size the arrays once

  /** Not interning: the names come from outside. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private enum Field {
    ASIDS("asids"),
    MODE("mode"),
    PRIORITY("priority"),
    IDS_MAY_BE_PSIDS("ids_may_be_psids");

    private final String wireName;

    Field(String wireName) {
      this.wireName = wireName;
    }

    String pointer() {
      return "/" + wireName;
    }
  }

  private final BoundedBody body;
  private final int maxIds;
  private final DistinctIds ids;
  private final BodyErrors errors = new BodyErrors();
  private final Set<Field> seen = EnumSet.noneOf(Field.class);
  private final MalformedIds malformed = new MalformedIds();
  private int requested;
  private boolean knownOnly;
  private boolean idsMayBePsids;
  private Lane lane = Lane.INTERACTIVE;

  private ResolveRequestParser(BoundedBody body, int maxIds) throws IOException {
    this.body = body;
    this.maxIds = maxIds;
    int expected = Math.min(maxIds, body.expected() / BYTES_PER_ID);
    this.ids = new DistinctIds(expected, ThreadLocalRandom.current().nextLong());
  }

  /**
   * What the body asks; the body is then read to its end, or as far as it is bounded.
   *
   * @throws Problem if the list is too long, or else if the body is not acceptable
   * @throws IOException if the body breaks off
   */
  static ResolveRequest parse(InputStream in, int maxIds) throws IOException {
    BoundedBody body = new BoundedBody(in);
    ResolveRequestParser request = new ResolveRequestParser(body, maxIds);
    try (JsonParser json = JSON.createParser(body)) {
      request.body(json);
    } catch (JsonProcessingException | CharConversionException e) {
      request.errors.add("", "not well-formed JSON");
    }
    body.drain();
    return request.result();
  }

  private void body(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      errors.add("", "must be a JSON object");
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      field(name, json);
    }
    if (!seen.contains(Field.ASIDS)) {
      errors.add(Field.ASIDS.pointer(), "is missing");
    }
    if (json.nextToken() != null) {
      errors.add("", "something follows the JSON object");
    }
  }

  private void field(String name, JsonParser json) throws IOException {
    for (Field field : Field.values()) {
      if (field.wireName.equals(name)) {
        if (!seen.add(field)) {
          errors.add(field.pointer(), "stands twice");
        }
        if (json.currentToken() != JsonToken.VALUE_NULL || field == Field.ASIDS) {
          value(field, json);
        }
        return;
      }
    }
    errors.add(BodyErrors.pointer(name), "unknown field");
    json.skipChildren();
  }

  private void value(Field field, JsonParser json) throws IOException {
    switch (field) {
      case ASIDS -> asids(json);
      case MODE -> knownOnly = choice(field, json, "convert", "known_only");
      case PRIORITY ->
          lane =
              choice(field, json, "interactive", "background") ? Lane.BACKGROUND : Lane.INTERACTIVE;
      case IDS_MAY_BE_PSIDS -> {
        if (!json.currentToken().isBoolean()) {
          errors.add(field.pointer(), "must be true or false");
          json.skipChildren();
        } else {
          idsMayBePsids = json.currentToken() == JsonToken.VALUE_TRUE;
        }
      }
    }
  }

  /** Whether the value is {@code second} rather than {@code first}; anything else is an error. */
  private boolean choice(Field field, JsonParser json, String first, String second)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      String text = json.getText();
      if (text.equals(first) || text.equals(second)) {
        return text.equals(second);
      }
    }
    errors.add(field.pointer(), "must be \"" + first + "\" or \"" + second + "\"");
    json.skipChildren();
    return false;
  }

  private void asids(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      errors.add(Field.ASIDS.pointer(), "must be an array of strings");
      json.skipChildren();
      return;
    }
    int index = 0;
    JsonToken token;
    while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
      requested++;
      if (token == JsonToken.VALUE_STRING) {
        asid(json);
      } else {
        errors.add(Field.ASIDS.pointer() + "/" + index, "must be a string");
        json.skipChildren();
      }
      index++;
    }
    if (index == 0) {
      errors.add(Field.ASIDS.pointer(), "must not be empty");
    }
  }

  private void asid(JsonParser json) throws IOException {
    if (requested > maxIds || body.tooLarge()) {
      return; // only counted from here on
    }
    long id = Ids.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    if (id == Ids.MALFORMED) {
      malformed.add(json.getText(), ids.size());
    } else {
      ids.add(id);
    }
  }

  private ResolveRequest result() {
    if (requested > maxIds || body.tooLarge()) {
      throw BoundedBody.problem(maxIds).with("received_ids", requested);
    }
    if (!errors.isEmpty()) {
      throw errors.toProblem();
    }
    return new ResolveRequest(ids.toArray(), malformed, requested, knownOnly, lane, idsMayBePsids);
  }
}
