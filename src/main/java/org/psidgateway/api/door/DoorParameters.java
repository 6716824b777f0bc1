package org.psidgateway.api.door;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;

/**
 * The parameters of one request, wherever they stand. Those of no concern here are passed over, as
 * the Graph API does. One that is given twice must say the same both times. Not thread-safe.
 */
final class DoorParameters {
  static final String TOKEN = "access_token";
  static final String PROOF = "appsecret_proof";
  static final String TIME = "appsecret_time";
  static final String IDS = "user_ids";
  static final String IGNORE = "ignore_invalid_ids";

  private static final Set<String> NAMES = Set.of(TOKEN, PROOF, TIME, IDS, IGNORE);
  private static final Pattern ELEMENT = Pattern.compile("user_ids\\[\\d{0,4}]");
  private static final Pattern SCHEME =
      Pattern.compile("(?:Bearer|OAuth)\\s+(\\S+)\\s*", Pattern.CASE_INSENSITIVE);
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<String, String> values = new HashMap<>();

  /**
   * Reads them all.
   *
   * @throws GraphRefusal if they can't be read, or contradict each other
   * @throws Problem if the body has another media type
   */
  static DoorParameters read(
      @Nullable String query,
      @Nullable String authorization,
      @Nullable String mediaType,
      byte[] body) {
    DoorParameters parameters = new DoorParameters();
    if (query != null) {
      parameters.form(query.getBytes(StandardCharsets.UTF_8));
    }
    if (authorization != null) {
      Matcher token = SCHEME.matcher(authorization);
      if (token.matches()) {
        parameters.put(TOKEN, token.group(1));
      }
    }
    if (body.length > 0) {
      parameters.body(mediaType == null ? FORM : mediaType.toLowerCase(Locale.ROOT), body);
    }
    return parameters;
  }

  /** Null if it is absent or blank. */
  @Nullable String get(String name) {
    String value = values.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private void body(String mediaType, byte[] body) {
    if (mediaType.startsWith(FORM)) {
      form(body);
    } else if (mediaType.replaceFirst(";.*", "").strip().endsWith("json")) {
      json(body);
    } else {
      throw Problem.of(
          ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send parameters as form, query or JSON.");
    }
  }

  private void form(byte[] form) {
    List<String> elements = new ArrayList<>(0);
    FormFields.read(
        form,
        (name, value) -> {
          if (ELEMENT.matcher(name).matches()) {
            elements.add(value);
          } else {
            put(name, value);
          }
        });
    if (!elements.isEmpty()) {
      put(IDS, String.join(",", elements));
    }
  }

  private void json(byte[] body) {
    JsonNode object = parse(body);
    if (!object.isObject()) {
      throw GraphRefusal.of(GraphError.UNREADABLE);
    }
    for (String name : NAMES) {
      JsonNode value = object.path(name);
      boolean fits =
          value.isTextual()
              || name.equals(IGNORE) && value.isBoolean()
              || name.equals(TIME) && value.isIntegralNumber();
      if (fits) {
        put(name, value.asText());
      } else if (name.equals(IDS) && value.isArray()) {
        put(name, joined(value));
      } else if (!value.isMissingNode() && !value.isNull()) {
        throw GraphRefusal.of(GraphError.UNREADABLE);
      }
    }
  }

  private static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException malformed) {
      throw GraphRefusal.of(GraphError.UNREADABLE);
    }
  }

  /** Strings alone: a number may have lost its last digits in the program that sent it. */
  private static String joined(JsonNode array) {
    List<String> elements = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw GraphRefusal.of(GraphError.UNREADABLE);
      }
      elements.add(element.textValue());
    }
    return String.join(",", elements);
  }

  private void put(String name, String value) {
    if (!NAMES.contains(name)) {
      return;
    }
    // Clients of the Graph API send lists as JSON within a form.
    boolean isList = name.equals(IDS) && value.strip().startsWith("[");
    String plain = isList ? list(value) : value;
    String before = values.putIfAbsent(name, plain);
    if (before != null && !before.equals(plain)) {
      throw GraphRefusal.of(GraphError.UNREADABLE);
    }
  }

  private static String list(String text) {
    JsonNode array = parse(text.getBytes(StandardCharsets.UTF_8));
    if (!array.isArray()) {
      throw GraphRefusal.of(GraphError.UNREADABLE);
    }
    return joined(array);
  }
}
