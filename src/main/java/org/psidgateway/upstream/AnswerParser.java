package org.psidgateway.upstream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Uncertain;

/**
 * Reads one answer. An id is negative only when an answer, whole and understood, left it out; so
 * whatever can't be read as such makes the whole call uncertain, never a part of it negative. A
 * single value that is no PSID is enough: an answer that is garbled in one place is not believed in
 * the others.
 *
 * <p>Streamed, not read into a tree: a key that is repeated was paid for twice and must count
 * twice.
 */
final class AnswerParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOT_A_MAPPING = "not_a_mapping";

  private final Map<Long, Long> psids = new HashMap<>();
  private int returned;

  /** Whether the top level had a key that no answer to this question has. */
  private boolean foreign;

  /** Whether it had something that only an answer has. */
  private boolean mapping;

  private JsonNode error = MissingNode.getInstance();

  private AnswerParser() {}

  /** What {@code body} says about the ids asked. Never throws. */
  static Outcome parse(int status, byte[] body, long[] asked, UsageHeaders usage) {
    AnswerParser answer = new AnswerParser();
    String fault;
    try {
      fault = answer.read(body);
    } catch (IOException e) {
      fault = body.length == 0 ? "empty_answer" : "not_json";
    }
    GraphError graphs =
        fault == null || fault.equals(NOT_A_MAPPING) ? answer.error(body, status) : null;
    if (graphs != null) {
      // PSIDs beside an error were paid for, while a refusal would give their units back.
      return answer.returned > 0
          ? new Uncertain("error_beside_psids")
          : ErrorClassifier.classify(graphs, status, asked, usage);
    }
    Optional<Outcome> failure = ErrorClassifier.byStatus(status, usage);
    if (failure.isPresent()) {
      return failure.get();
    }
    boolean unreadError = !answer.error.isMissingNode() && !answer.error.isNull();
    if (fault == null && (unreadError || answer.foreign && !answer.mapping)) {
      fault = NOT_A_MAPPING;
    }
    return fault != null ? new Uncertain(fault) : answer.answered(asked, usage);
  }

  private Answered answered(long[] asked, UsageHeaders usage) {
    long[] verdicts = new long[asked.length];
    Arrays.setAll(verdicts, i -> psids.getOrDefault(asked[i], Verdict.UNMAPPED));
    return new Answered(Findings.of(asked, verdicts), returned, usage.usage());
  }

  /** What is wrong with the body, or null. */
  private @Nullable String read(byte[] body) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      JsonToken token = json.nextToken();
      String fault;
      if (token == JsonToken.START_OBJECT) {
        fault = readObject(json, true);
      } else if (token == JsonToken.START_ARRAY) {
        fault = readEmptyArray(json);
      } else {
        fault = token == null ? "empty_answer" : NOT_A_MAPPING;
      }
      return fault == null && json.nextToken() != null ? "not_json" : fault;
    }
  }

  /** Reads to the end, past any fault: whether an error and PSIDs follow still matters. */
  private @Nullable String readObject(JsonParser json, boolean top) throws IOException {
    String fault = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      long asid = Ids.parse(key);
      String found = null;
      if (asid != Ids.MALFORMED) {
        found = readPsid(json, asid);
      } else if (top && key.equals("error")) {
        error = JSON.readTree(json);
        foreign = true;
      } else if (top && key.equals("data") && value.isStructStart()) {
        mapping = true;
        found = value == JsonToken.START_OBJECT ? readObject(json, false) : readEmptyArray(json);
      } else {
        // Graph's own extras may stand beside an empty mapping; anything else, with no mapping
        // in sight, is an answer to some other question.
        foreign |= !(key.startsWith("__") || key.equals("paging") || key.equals("summary"));
        json.skipChildren();
      }
      fault = fault == null ? found : fault;
    }
    return fault;
  }

  private static @Nullable String readEmptyArray(JsonParser json) throws IOException {
    String fault = null;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      json.skipChildren();
      fault = NOT_A_MAPPING; // PSIDs in a list belong to unknown ids: no pairing by position
    }
    return fault;
  }

  private @Nullable String readPsid(JsonParser json, long asid) throws IOException {
    JsonToken token = json.currentToken();
    long psid = Ids.MALFORMED;
    if (token == JsonToken.START_OBJECT) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        boolean id = json.currentName().equals("id");
        JsonToken value = json.nextToken();
        psid = id ? id(json, value) : psid;
        json.skipChildren();
      }
    } else {
      psid = id(json, token);
      json.skipChildren();
    }
    mapping = true;
    if (psid == Ids.MALFORMED) {
      return "psid_malformed";
    }
    returned++;
    Long before = psids.put(asid, psid);
    return before != null && before != psid ? "psid_contradicted" : null;
  }

  /** Numbers by their digits: as a double, a PSID would become somebody else's. */
  private static long id(JsonParser json, JsonToken token) throws IOException {
    return token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT
        ? Ids.parse(json.getText())
        : Ids.MALFORMED;
  }

  private @Nullable GraphError error(byte[] body, int status) {
    if (!error.isMissingNode()) {
      return GraphError.nested(error, status);
    }
    try {
      return foreign && !mapping ? GraphError.legacy(JSON.readTree(body), status) : null;
    } catch (IOException e) {
      return null;
    }
  }
}
