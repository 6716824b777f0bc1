package org.psidgateway.start;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import jakarta.annotation.Priority;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Removes properties of the PostgreSQL connections whose value is empty, which would otherwise stop
 * the start: behind a pooler that accepts no {@code options}, none may be sent. Thread-safe.
 */
@Priority(Integer.MAX_VALUE - 2) // below TrailingBlanks
final class EmptyProperties implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;

  /** The prefixes for the database and for a replica. */
  private static final Pattern PROPERTY =
      Pattern.compile(
          "quarkus\\.datasource\\.(\"?replica\"?\\.)?jdbc\\.additional-jdbc-properties\\..+");

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    return isTakenAway(name, value) ? null : value;
  }

  @Override
  public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
    List<String> names = new ArrayList<>();
    context
        .iterateNames()
        .forEachRemaining(
            name -> {
              if (!isProperty(name) || !isTakenAway(name, context.proceed(name))) {
                names.add(name);
              }
            });
    return names.iterator();
  }

  private static boolean isProperty(String name) {
    return name.startsWith("quarkus.datasource.") && PROPERTY.matcher(name).matches();
  }

  private static boolean isTakenAway(String name, @Nullable ConfigValue value) {
    return isProperty(name)
        && value != null
        && value.getValue() != null
        && value.getValue().isBlank();
  }
}
