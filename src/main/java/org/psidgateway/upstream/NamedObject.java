package org.psidgateway.upstream;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  private static final Pattern OBJECT =
      Pattern.compile("object with id (?:'([^']*)'|\"([^\"]*)\"|([^'\"\\s]+))");

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

  /**
   * Whether it says that there is nobody with this id; nothing else may be named in the place of
   * one.
   */
  static boolean saysThatItIsMissing(GraphError error, long asid) {
    boolean absent = error.subcode() == 33 || error.subcode() == GraphError.ABSENT;
    List<String> names =
        OBJECT.matcher(error.message()).results().map(found -> name(found)).toList();
    return absent
        && isUnsupported(error)
        && error.says("does not exist")
        && !names.isEmpty()
        && names.stream().allMatch(name -> Ids.parse(name) == asid);
  }

  private static String name(MatchResult found) {
    return Stream.of(1, 2, 3).map(found::group).filter(Objects::nonNull).findFirst().orElse("");
  }

  private static boolean isId(String name) {
    return Ids.parse(name.replaceFirst("\\.$", "")) != Ids.MALFORMED;
  }
}
