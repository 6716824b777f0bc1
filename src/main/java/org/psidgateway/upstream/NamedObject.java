package org.psidgateway.upstream;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.psidgateway.model.Ids;

/**
 * What an error says does not exist. Graph takes a path that it does not know for the name of an
 * object, so that an API that was closed, or a wrong base URL or version, reads like a complaint
 * about an id.
 */
final class NamedObject {
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:object with id ['\"]?|aliases you requested do not exist:|unknown path components:)"
              + "([^'\"]*)");

  private NamedObject() {}

  /**
   * Whether {@code error} says that the path called does not exist: it names something that is no
   * id.
   */
  static boolean isThePath(GraphError error) {
    Matcher matcher = NAMED.matcher(error.message());
    if (!matcher.find()) {
      return error.says("pages_id_mapping")
          && error.says("not exist", "unsupported post", "unknown path");
    }
    List<String> names =
        Arrays.stream(matcher.group(1).split("[\\s,;/]+")).filter(n -> !n.isEmpty()).toList();
    return !names.isEmpty() && names.stream().noneMatch(NamedObject::isId);
  }

  /** Whether {@code error} speaks of an object that does not exist, or is not visible to all. */
  static boolean isUnsupported(GraphError error) {
    return error.code() == 100 && (error.subcode() == 33 || error.says("object with id"));
  }

  private static boolean isId(String name) {
    return Ids.parse(name.replaceFirst("\\.$", "")) != Ids.MALFORMED;
  }
}
