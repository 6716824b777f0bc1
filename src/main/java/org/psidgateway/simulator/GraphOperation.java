package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a node of the graph or for one of its edges, alone or as an operation of a batch.
 *
 * @param version {@code v26.0}, or empty
 * @param node the id
 * @param edge empty for the node itself
 */
record GraphOperation(
    String method, String path, String version, String node, String edge, GraphRequest request) {
  private static final Pattern PATH =
      Pattern.compile("/?(?:(v[0-9]+\\.[0-9]+)/)?([^/]+)(?:/([^/]+))?/?");

  /**
   * @param path with or without a slash and a version in front
   * @return nothing if it isn't the path of a node or an edge
   */
  static Optional<GraphOperation> of(String method, String path, GraphRequest request) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new GraphOperation(
            method,
            path,
            orEmpty(matcher.group(1)),
            matcher.group(2),
            orEmpty(matcher.group(3)),
            request));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * The operations of a batch; each takes token and proof from the batch if it has none of its own.
   *
   * @return nothing if {@code batch} is not an array
   */
  static Optional<List<GraphOperation>> ofBatch(GraphRequest batch) {
    JsonNode array;
    try {
      array = GraphJson.MAPPER.readTree(String.valueOf(batch.get("batch")));
    } catch (IOException e) {
      return Optional.empty();
    }
    if (!array.isArray()) {
      return Optional.empty();
    }
    List<GraphOperation> operations = new ArrayList<>(array.size());
    array.forEach(element -> operations.add(ofBatch(element, batch)));
    return Optional.of(operations);
  }

  private static GraphOperation ofBatch(JsonNode element, GraphRequest batch) {
    String method = element.path("method").asText("GET");
    String[] url = element.path("relative_url").asText("").split("\\?", 2);
    GraphRequest own;
    try {
      own = GraphRequest.of(url.length == 2 ? url[1] : null, null, null, "");
    } catch (IllegalArgumentException e) {
      own = GraphRequest.of(null, null, null, "");
    }
    GraphRequest request = own.withTokenOf(batch);
    return of(method, url[0], request)
        .orElseGet(() -> new GraphOperation(method, url[0], "", "", "", request));
  }

  boolean isMatching() {
    return method.equals("GET")
        && (edge.equals("ids_for_pages")
            || edge.equals("ids_for_apps")
            || (edge.isEmpty() && request.get("fields") != null));
  }

  /** The Page that is asked for; 0 if there is none. */
  long page() {
    String page = request.get("page");
    return page == null ? 0 : People.id(page);
  }

  String after() {
    String after = request.get("after");
    return after == null ? "" : after;
  }
}
