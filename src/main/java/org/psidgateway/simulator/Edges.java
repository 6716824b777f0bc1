package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** What a person's node and edges say: which ids the person has on Pages and in the app. */
final class Edges {
  /** A person's PSID on a Page. */
  record Row(long page, long psid) {}

  private Edges() {}

  /**
   * @throws IllegalArgumentException if cursor or limit are none
   */
  static Answer pages(Settings settings, GraphOperation operation, long asid, String url) {
    EdgeList<Row> list =
        EdgeList.of(settings, operation.request(), rows(settings, operation, asid));
    ObjectNode json =
        list.json(settings, pageData(settings, list.rows()), url, operation.request());
    return Answer.of(GraphJson.write(json), list.rows());
  }

  static Answer apps(Settings settings, GraphOperation operation, long asid, String url) {
    ObjectNode json = apps(settings, operation.request(), asid, url);
    return Answer.of(GraphJson.write(json), List.of());
  }

  private static ObjectNode apps(Settings settings, GraphRequest request, long asid, String url) {
    String app = request.get("app");
    boolean asked = app == null || app.equals(settings.appId);
    EdgeList<Long> list = EdgeList.of(settings, request, asked ? List.of(asid) : List.of());
    ArrayNode data = GraphJson.MAPPER.createArrayNode();
    for (long id : list.rows()) {
      ObjectNode row = data.addObject().put("id", Long.toString(id));
      row.putObject("app").put("name", "App " + settings.appId).put("id", settings.appId);
    }
    return list.json(settings, data, url, request);
  }

  /** The node with the fields asked for; an edge without rows is left out. */
  static Answer node(Settings settings, GraphOperation operation, long asid, String url) {
    ObjectNode node = GraphJson.MAPPER.createObjectNode();
    List<Row> given = List.of();
    for (String field : fields(operation.request())) {
      switch (field) {
        case "name" -> node.put("name", "A Person");
        case "ids_for_apps" ->
            node.set(field, apps(settings, operation.request(), asid, url + "/" + field));
        case "ids_for_pages" -> {
          EdgeList<Row> list =
              EdgeList.of(settings, operation.request(), rows(settings, operation, asid));
          if (!list.rows().isEmpty() || list.more()) {
            given = list.rows();
            ArrayNode data = pageData(settings, given);
            node.set(field, list.json(settings, data, url + "/" + field, operation.request()));
          }
        }
        default -> {} // Graph would know more fields than this
      }
    }
    return Answer.of(GraphJson.write(node.put("id", operation.node())), given);
  }

  /** Names only: what follows a name in brackets or behind a dot is dropped. */
  private static List<String> fields(GraphRequest request) {
    String fields = String.valueOf(request.get("fields")).toLowerCase(Locale.ROOT);
    String before;
    do {
      before = fields;
      fields = fields.replaceAll("(\\.\\w+)?(\\([^(){}]*\\)|\\{[^(){}]*})", "");
    } while (!before.equals(fields));
    return List.of(fields.split(" *, *"));
  }

  private static List<Row> rows(Settings settings, GraphOperation operation, long asid) {
    SortedSet<Long> pages = new TreeSet<>(settings.pages.keySet());
    pages.addAll(settings.businessPages);
    pages.removeAll(settings.foreignPages);
    long asked = settings.ignorePageFilter ? 0 : operation.page();
    List<Row> rows = new ArrayList<>();
    for (long page : pages) {
      if ((asked == 0 || asked == page) && People.isOn(settings, page, asid)) {
        Row row = new Row(page, PsidTruth.of(page, asid));
        rows.add(row);
        if (settings.duplicateRows) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static ArrayNode pageData(Settings settings, List<Row> rows) {
    ArrayNode data = GraphJson.MAPPER.createArrayNode();
    for (Row row : rows) {
      ObjectNode json = data.addObject();
      String page = Long.toString(row.page());
      if (settings.psidNumbers) {
        json.put("id", row.psid());
      } else {
        json.put("id", Long.toString(row.psid()));
      }
      ObjectNode about = json.putObject("page").put("name", "Page " + page).put("id", page);
      if (settings.extraKeys) {
        about.put("category", "Musician").put("link", "https://www.facebook.com/" + page);
      }
    }
    return data;
  }
}
