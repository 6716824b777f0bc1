package org.psidgateway.testing;

import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement as PostgreSQL sees it: parameters are {@code $1} and so on.
 *
 * @param parameters in that order
 */
public record SqlStatement(String text, List<Parameter> parameters) {
  private static final Pattern PLACE = Pattern.compile("\\$(\\d+)");
  private static final Pattern PLANNED =
      Pattern.compile("(?is)\\s*(select|insert|update|delete|with|values|merge)\\b.*");
  private static final Pattern SETTING =
      Pattern.compile("(?is)\\s*select\\s+(num_nonnulls\\(\\s*)?set_config\\b.*");

  /** Whether it has a plan; {@code begin}, {@code set} and the like have none. */
  public boolean planned() {
    return PLANNED.matcher(text).matches() && !setting();
  }

  /** Whether it does nothing but set how what follows is run. */
  public boolean setting() {
    return SETTING.matcher(text).matches();
  }

  /** The most ids that it is given; 1 if it takes no list. */
  public int longestList() {
    return parameters.stream().mapToInt(Parameter::length).max().orElse(1);
  }

  public String withValues() {
    Matcher places = PLACE.matcher(text);
    return places.replaceAll(
        place ->
            Matcher.quoteReplacement(parameters.get(Integer.parseInt(place.group(1)) - 1).sql()));
  }

  /** In one line, and short, to be shown. */
  public String head() {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= 70 ? line : line.substring(0, 70) + "…";
  }

  /**
   * A value as the driver sends it.
   *
   * @param type of PostgreSQL
   * @param length how many elements, if it is a list
   */
  public record Parameter(String type, String value, int length) {
    private static final Map<Class<?>, String> TYPES =
        Map.ofEntries(
            Map.entry(Boolean.class, "boolean"),
            Map.entry(Short.class, "smallint"),
            Map.entry(Integer.class, "integer"),
            Map.entry(Long.class, "bigint"),
            Map.entry(Float.class, "real"),
            Map.entry(Double.class, "double precision"),
            Map.entry(String.class, "varchar"),
            Map.entry(UUID.class, "uuid"),
            Map.entry(boolean[].class, "boolean[]"),
            Map.entry(short[].class, "smallint[]"),
            Map.entry(int[].class, "integer[]"),
            Map.entry(long[].class, "bigint[]"),
            Map.entry(double[].class, "double precision[]"),
            Map.entry(String[].class, "varchar[]"));

    static Parameter of(Object value) throws SQLException {
      if (value instanceof Array array) {
        Object[] elements = (Object[]) array.getArray();
        return new Parameter(
            array.getBaseTypeName().toLowerCase(Locale.ROOT) + "[]",
            list(Arrays.toString(elements)),
            elements.length);
      }
      String type = TYPES.getOrDefault(value == null ? Object.class : value.getClass(), "unknown");
      if (value != null && value.getClass().isArray()) {
        int length = java.lang.reflect.Array.getLength(value);
        Object[] elements = new Object[length];
        Arrays.setAll(elements, i -> java.lang.reflect.Array.get(value, i));
        return new Parameter(type, list(Arrays.toString(elements)), length);
      }
      return new Parameter(type, value == null ? "null" : quoted(value.toString()), 1);
    }

    private static String list(String javas) {
      return quoted("{" + javas.substring(1, javas.length() - 1) + "}");
    }

    private static String quoted(String text) {
      return "'" + text.replace("'", "''") + "'";
    }

    String sql() {
      return type.equals("unknown") ? value : value + "::" + type;
    }
  }
}
