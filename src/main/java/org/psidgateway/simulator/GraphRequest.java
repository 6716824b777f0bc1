package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one call, wherever they are: the body (a form, or JSON) takes precedence over
 * the query, and a parameter over the header.
 */
record GraphRequest(Map<String, String> parameters, @Nullable String authorization) {

  /**
   * @throws IllegalArgumentException if query or body can't be read
   */
  static GraphRequest of(
      @Nullable String query,
      @Nullable String contentType,
      @Nullable String authorization,
      String body) {
    Map<String, String> parameters = new HashMap<>();
    readForm(query == null ? "" : query, parameters);
    if (contentType != null && contentType.startsWith("application/json")) {
      readJson(body, parameters);
    } else {
      readForm(body, parameters);
    }
    return new GraphRequest(parameters, authorization);
  }

  @Nullable String token() {
    String parameter = get("access_token");
    if (parameter != null || authorization == null) {
      return parameter;
    }
    String[] words = authorization.trim().split(" +", 2);
    boolean known = words[0].equalsIgnoreCase("Bearer") || words[0].equalsIgnoreCase("OAuth");
    return known && words.length == 2 ? words[1] : null;
  }

  /** With the token and the proof of another one, if it has no token of its own. */
  GraphRequest withTokenOf(GraphRequest other) {
    if (token() != null) {
      return this;
    }
    Map<String, String> all = new HashMap<>(other.parameters);
    all.keySet().retainAll(Set.of("access_token", "appsecret_proof", "appsecret_time"));
    all.putAll(parameters);
    return new GraphRequest(all, other.authorization);
  }

  boolean ignoreInvalidIds() {
    String flag = get("ignore_invalid_ids");
    return "true".equalsIgnoreCase(flag) || "1".equals(flag);
  }

  /** The parameter, or null if it is missing or empty. */
  @Nullable String get(String name) {
    String value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static void readForm(String form, Map<String, String> into) {
    for (String pair : form.trim().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        into.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void readJson(String body, Map<String, String> into) {
    try {
      GraphJson.MAPPER
          .readTree(body)
          .properties()
          .forEach(field -> into.put(field.getKey(), text(field.getValue())));
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    return StreamSupport.stream(value.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(","));
  }
}
