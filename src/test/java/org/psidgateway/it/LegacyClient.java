package org.psidgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.psidgateway.model.Sha256;
import org.psidgateway.testing.Pod;

/** A program that was written against the Graph API, byte for byte. */
final class LegacyClient {
  static final String SECRET = "app-secret";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Pod pod;
  private final String token;

  LegacyClient(Pod pod, String token) {
    this.pod = pod;
    this.token = token;
  }

  /** What came back, and how. */
  record Reply(int status, JsonNode body, HttpResponse<String> response) {
    static Reply of(HttpResponse<String> response) {
      try {
        String text = response.body();
        boolean json = text.startsWith("{");
        return new Reply(
            response.statusCode(),
            json ? JSON.readTree(text) : MissingNode.getInstance(),
            response);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    JsonNode error() {
      return body.path("error");
    }

    /** Code, status, and whether it is transient, such as {@code 4 403 true}. */
    String refusal() {
      return "%s %d %s"
          .formatted(error().path("code").asText(), status, error().path("is_transient").asText());
    }

    String psid(long asid) {
      return body.path(Long.toString(asid)).path("id").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  static String proof(String token) {
    byte[] key = SECRET.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.hmac(key, token));
  }

  Map<String, String> parameters(String ids) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("access_token", token);
    parameters.put("appsecret_proof", proof(token));
    parameters.put("user_ids", ids);
    return parameters;
  }

  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** As {@code curl -d} does. */
  Reply map(String ids) {
    return post(parameters(ids));
  }

  Reply post(Map<String, String> parameters) {
    return send(
        to("/pages_id_mapping")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(parameters))));
  }

  Reply postJson(String path, String json) {
    return send(
        to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
  }

  HttpRequest.Builder to(String path) {
    URI uri = pod.uri(path);
    return HttpRequest.newBuilder(uri);
  }

  static Reply send(HttpRequest.Builder request) {
    try {
      return Reply.of(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
