package org.psidgateway.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names in an expression of Prometheus. Reads no more of the language than is used here. */
final class PromQl {
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "Inf", "NaN");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:.$])([a-zA-Z_:][\\w:]*)(?!\\w)(?:\\{([^}]*)})?(?!\\s*\\()");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");

  private PromQl() {}

  /**
   * A name, and one of the labels that it is asked for.
   *
   * @param label empty for the name alone
   */
  record Named(String metric, String label, Pattern value) {}

  /** Each name of a series, and each label that must have a value to match at all. */
  static List<Named> named(String expression) {
    String bare = GROUPING.matcher(RANGE.matcher(expression).replaceAll("")).replaceAll(" ");
    List<Named> all = new ArrayList<>();
    NAME.matcher(bare)
        .results()
        .filter(found -> !WORDS.contains(found.group(1)))
        .forEach(
            found -> {
              String metric = found.group(1);
              all.add(new Named(metric, "", Pattern.compile("")));
              String labels = found.group(2) == null ? "" : found.group(2);
              MATCHER
                  .matcher(labels)
                  .results()
                  .forEach(
                      label -> {
                        String value = label.group(3);
                        boolean literal = !label.group(2).endsWith("~");
                        // Each of a list must be there: one that is gone would be missed otherwise.
                        for (String one : literal ? List.of(value) : List.of(value.split("\\|"))) {
                          all.add(
                              new Named(
                                  metric,
                                  label.group(1),
                                  Pattern.compile(literal ? Pattern.quote(one) : one)));
                        }
                      });
            });
    return all;
  }

  static Set<String> metrics(String expression) {
    Set<String> metrics = new TreeSet<>();
    named(expression).forEach(named -> metrics.add(named.metric()));
    return metrics;
  }
}
