package org.psidgateway.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.psidgateway.model.Ids;

/**
 * The ids that {@code error_data} blames, in any of its forms: a list, an object, a comma list, or
 * a string with JSON in it. An id that is named here becomes invalid, so only plain lists of ids
 * count: a number amid prose names no id, and the caller asks halves instead.
 */
final class ListedIds {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DEPTH = 8;
  private static final long[] NOBODY = {};

  /** Names that say that the ids below them are bad. */
  private static final Pattern BAD =
      Pattern.compile("(?!.*(?:param|argument|field)).*(?:invalid|bad|malformed|rejected).*");

  /** Names of ids that were not asked for, even if one that was has the same digits. */
  private static final Pattern OTHERS =
      Pattern.compile(".*(?:page|app|application|business|account|post)_?ids?");

  /**
   * Ids under a name that says they are bad, and ids elsewhere, which count only if there are no
   * such.
   */
  private final Set<Long> invalid = new LinkedHashSet<>();

  private final Set<Long> others = new LinkedHashSet<>();
  private final Set<Long> asked = new LinkedHashSet<>();

  /** The parameter that was sent has this name: what stands below may be nothing but its echo. */
  private boolean echo;

  private ListedIds(long[] asked) {
    Arrays.stream(asked).forEach(this.asked::add);
  }

  /** The ids asked that {@code data} names, in its order; empty if it can't be read. */
  static long[] read(JsonNode data, long[] asked) {
    ListedIds ids = new ListedIds(asked);
    ids.collect(data, false, 0);
    Set<Long> named = ids.invalid.isEmpty() ? ids.others : ids.invalid;
    if (ids.invalid.isEmpty() && ids.isEcho()) {
      return NOBODY;
    }
    return named.stream().mapToLong(Long::longValue).toArray();
  }

  /** A list of all ids asked, with no word that says invalid, blames none: halves will show. */
  private boolean isEcho() {
    return others.size() == asked.size() && (others.size() > 1 || echo);
  }

  private void collect(JsonNode node, boolean saysInvalid, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    if (node.isArray()) {
      node.forEach(element -> collect(element, saysInvalid, depth + 1));
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        collectField(field.getKey(), field.getValue(), saysInvalid, depth);
      }
    } else if (node.isIntegralNumber()) {
      add(Ids.parse(node.asText()), saysInvalid);
    } else if (node.isTextual()) {
      collectText(node.asText().strip(), saysInvalid, depth);
    }
  }

  private void collectField(String name, JsonNode value, boolean saysInvalid, int depth) {
    String word = name.toLowerCase(Locale.ROOT);
    if (word.startsWith("valid") || OTHERS.matcher(word).matches()) {
      return; // the good ids, or ids of something else
    }
    echo |= word.equals("user_ids");
    long id = Ids.parse(name);
    if (id == Ids.MALFORMED) {
      collect(value, saysInvalid || BAD.matcher(word).matches(), depth + 1);
    } else if (!value.isBoolean()) { // {"id": false} does not say whether false is good or bad
      add(id, saysInvalid);
    }
  }

  private void collectText(String text, boolean saysInvalid, int depth) {
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
      try {
        collect(JSON.readTree(text), saysInvalid, depth + 1);
      } catch (JsonProcessingException e) {
        // neither JSON nor a list: names no id
      }
      return;
    }
    String[] words = text.split("[\\s,;]+");
    if (Arrays.stream(words).allMatch(word -> Ids.parse(word) != Ids.MALFORMED)) {
      Arrays.stream(words).forEach(word -> add(Ids.parse(word), saysInvalid));
    }
  }

  private void add(long id, boolean saysInvalid) {
    if (asked.contains(id)) {
      (saysInvalid ? invalid : others).add(id);
    }
  }
}
