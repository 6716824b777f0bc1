package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * One page of a list: the rows from a position on. Positions below {@link
 * MatchingSettings#emptyPages} are pages without rows, those above it are rows.
 *
 * @param rows of this page
 * @param more whether another page follows
 */
record EdgeList<T>(List<T> rows, long position, long next, boolean more) {

  /**
   * @throws IllegalArgumentException if cursor or limit are none
   */
  static <T> EdgeList<T> of(Settings settings, GraphRequest request, List<T> all) {
    long position = position(request);
    int limit = limit(settings, request);
    int empty = settings.emptyPages;
    if (position < empty) {
      return new EdgeList<>(List.of(), position, position + 1, position + 1 < empty + all.size());
    }
    int from = (int) Math.min(all.size(), position - empty);
    int to = Math.min(all.size(), from + limit);
    return new EdgeList<>(all.subList(from, to), position, (long) empty + to, to < all.size());
  }

  private static int limit(Settings settings, GraphRequest request) {
    String limit = request.get("limit");
    int rows = limit == null ? settings.rowsPerPage : Integer.parseInt(limit);
    if (rows < 1) {
      throw new IllegalArgumentException("limit is 1 or more");
    }
    return Math.min(rows, settings.maxRowsPerPage);
  }

  private static long position(GraphRequest request) {
    String after = request.get("after");
    if (after == null) {
      return 0;
    }
    String text = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8);
    return Integer.parseUnsignedInt(text);
  }

  private static String cursor(long position) {
    byte[] text = Long.toString(position).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /** {@code url} is where the list is, without parameters. */
  ObjectNode json(Settings settings, ArrayNode data, String url, GraphRequest request) {
    ObjectNode list = GraphJson.MAPPER.createObjectNode();
    list.set("data", data);
    if (!rows.isEmpty() || more) {
      ObjectNode paging = list.putObject("paging");
      paging.putObject("cursors").put("before", cursor(position)).put("after", cursor(next));
      if (more) {
        paging.put("next", url + "?" + query(request));
      }
    } else if (settings.emptyPaging) {
      list.putObject("paging");
    }
    return list;
  }

  /** As Graph's, with the token in it. */
  private String query(GraphRequest request) {
    Map<String, String> parameters = new TreeMap<>(request.parameters());
    parameters.keySet().removeAll(List.of("appsecret_proof", "appsecret_time", "before"));
    String token = request.token();
    if (token != null) {
      parameters.put("access_token", token);
    }
    parameters.put("after", cursor(next));
    return parameters.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
