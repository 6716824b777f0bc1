package org.psidgateway.start;

import io.quarkus.runtime.logging.InheritableLevel;
import io.quarkus.runtime.logging.LevelConverter;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * What a key is for, and how a value of it is read.
 *
 * @param many whether it takes a list
 * @param optional whether it may be empty
 * @param address what it looks like if it is one; its scheme counts
 */
record ValueType(
    Class<?> type,
    boolean many,
    boolean optional,
    String address,
    Optional<String> byDefault,
    Converter<?> converter) {
  private static final String WHOLE_NUMBER = "a whole number";
  private static final int LONGEST_QUOTE = 60;

  private static final Map<Class<?>, String> EXPECTED =
      Map.of(
          Integer.class, WHOLE_NUMBER + " up to " + Integer.MAX_VALUE,
          Long.class, WHOLE_NUMBER,
          Double.class, "a number such as 0.05",
          Boolean.class, "true or false",
          Duration.class, "a duration such as PT10S, PT5M or P1D",
          Period.class, "a number of days such as P180D",
          LocalDate.class, "a date such as 2024-12-31",
          InheritableLevel.class, "a level such as DEBUG, INFO, WARN or OFF");

  private static final Map<Class<?>, Class<?>> BOXED =
      Map.of(
          int.class, Integer.class,
          long.class, Long.class,
          double.class, Double.class,
          boolean.class, Boolean.class,
          OptionalInt.class, Integer.class,
          OptionalLong.class, Long.class);

  private static final Set<String> TRUTHS =
      Set.of("true", "false", "yes", "no", "y", "n", "t", "f", "on", "off", "1", "0");

  /** May be quoted; any other address may hold a password. */
  private static final Pattern HOST =
      Pattern.compile("\\w[\\w-]*(\\.[\\w-]+)+|\\w[\\w.-]*:\\d{1,5}");

  private static final Set<String> HTTP = Set.of("http", "https");
  private static final Set<String> REDIS = Set.of("redis", "rediss", "unix", "redis+socket");

  /** Empty if the key takes any text, or reads it in its own way. */
  static Optional<ValueType> of(String key, Property property, SmallRyeConfig converters) {
    Type type = property.getMethod().getGenericReturnType();
    boolean level = isLevel(property);
    if (property.hasConvertWith() && !level || property.isMap() || property.isGroup()) {
      return Optional.empty();
    }
    boolean optional = isA(type, Optional.class) || isOptionalNumber(type);
    type = isA(type, Optional.class) ? argument(type) : type;
    boolean many = isA(type, List.class) || isA(type, Set.class);
    type = many ? argument(type) : type;
    if (!(type instanceof Class<?> plain)) {
      return Optional.empty();
    }
    Class<?> boxed = level ? InheritableLevel.class : BOXED.getOrDefault(plain, plain);
    Optional<String> byDefault =
        property.hasDefaultValue() ? Optional.of(property.getDefaultValue()) : Optional.empty();
    boolean redis = key.startsWith("quarkus.redis.");
    if (boxed == URI.class && !redis && !key.startsWith("gateway.")) {
      return Optional.empty(); // the framework has addresses of many kinds
    }
    String address = redis ? "redis://host:6379" : addressOf(key);
    return boxed.isEnum() || boxed == URI.class || EXPECTED.containsKey(boxed)
        ? converters
            .getConverter(boxed)
            .map(reader -> new ValueType(boxed, many, optional || many, address, byDefault, reader))
        : Optional.empty();
  }

  private static String addressOf(String key) {
    return key.equals("gateway.upstream.proxy") ? "http://host:port" : "https://host";
  }

  /** What is wrong with the value, and what would be right; empty if it can be read. */
  Optional<String> fault(String value) {
    if (value.isBlank()) {
      return optional ? Optional.empty() : Optional.of("is empty: must be " + expected());
    }
    List<String> each = many ? List.of(value.split(",", -1)) : List.of(value);
    if (each.stream().map(String::strip).allMatch(this::isReadable)) {
      return Optional.empty();
    }
    boolean secret = type == URI.class && !HOST.matcher(value).matches();
    return Optional.of(
        (secret ? "is no address" : "is \"" + quoted(value) + "\"") + ": must be " + expected());
  }

  private boolean isReadable(String value) {
    if (type == Boolean.class) {
      return TRUTHS.contains(value.toLowerCase(Locale.ROOT)); // anything else would mean false
    }
    try {
      return value.isEmpty() ? many : isComplete(converter.convert(value));
    } catch (RuntimeException e) {
      return false;
    }
  }

  private boolean isComplete(@Nullable Object value) {
    return value instanceof URI uri
        ? uri.getRawSchemeSpecificPart().startsWith("//") && schemes().contains(uri.getScheme())
        : value != null;
  }

  private Set<String> schemes() {
    return address.startsWith("redis") ? REDIS : HTTP;
  }

  private String expected() {
    if (type == URI.class) {
      return "like " + address;
    }
    Object @Nullable [] constants = type.getEnumConstants();
    if (constants == null) {
      return EXPECTED.getOrDefault(type, type.getSimpleName());
    }
    return (many ? "some of " : "one of ")
        + Arrays.stream(constants)
            .map(constant -> StringUtil.skewer(((Enum<?>) constant).name()))
            .collect(Collectors.joining(", "));
  }

  private static String quoted(String value) {
    String plain = value.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= LONGEST_QUOTE ? plain : plain.substring(0, LONGEST_QUOTE) + "…";
  }

  private static boolean isA(Type type, Class<?> generic) {
    return type instanceof ParameterizedType of && of.getRawType() == generic;
  }

  private static boolean isLevel(Property property) {
    return property.isLeaf()
        && property.hasConvertWith()
        && property.asLeaf().getConvertWith() == LevelConverter.class;
  }

  private static boolean isOptionalNumber(Type type) {
    return type == OptionalInt.class || type == OptionalLong.class;
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }
}
