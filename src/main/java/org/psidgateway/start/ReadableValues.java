package org.psidgateway.start;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import jakarta.annotation.Priority;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides values that can't be read as what their key is for, and notes them: the key then has its
 * default, or none, so that the rest of the configuration can be read and checked. Thread-safe.
 */
@Priority(Integer.MAX_VALUE) // sees values as the configuration does
final class ReadableValues implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;

  /** Some defaults of the framework refer to values that do not exist. */
  private static final Pattern SET_BY_OPERATORS =
      Pattern.compile("gateway\\.|quarkus\\.(datasource|redis|flyway)\\.");

  private final transient Supplier<ValueTypes> source;
  private final transient UnreadableValues unreadable;
  private transient volatile @Nullable ValueTypes types;

  ReadableValues(Supplier<ValueTypes> types, UnreadableValues unreadable) {
    this.source = types;
    this.unreadable = unreadable;
  }

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (value == null || !(name.startsWith("gateway.") || name.startsWith("quarkus."))) {
      return value;
    }
    ValueType type = types().of(name);
    Optional<String> fault = fault(value, type);
    if (fault.isEmpty()) {
      return value;
    }
    unreadable.add(name, name + " " + fault.get());
    return type == null || type.byDefault().isEmpty()
        ? null
        : value.noProblems().withValue(type.byDefault().get());
  }

  private static Optional<String> fault(ConfigValue value, @Nullable ValueType type) {
    if (value.getValue() == null) {
      return value.hasProblems() && SET_BY_OPERATORS.matcher(value.getName()).lookingAt()
          ? Optional.of("refers to another value as ${…}, which does not exist: write $$ for a $")
          : Optional.empty();
    }
    return type == null ? Optional.empty() : type.fault(value.getValue());
  }

  private ValueTypes types() {
    ValueTypes known = types;
    if (known == null) {
      known = source.get();
      types = known;
    }
    return known;
  }
}
