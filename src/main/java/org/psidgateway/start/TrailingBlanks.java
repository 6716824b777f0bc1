package org.psidgateway.start;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import jakarta.annotation.Priority;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Removes line ends behind values, which {@code echo} and editors leave in secrets, and for the
 * gateway's own keys blanks at both ends: a secret with a newline behind it would sign proofs that
 * the upstream refuses. Blanks inside a value stay. Thread-safe.
 */
@Priority(Integer.MAX_VALUE - 1) // sees values after expressions are expanded
final class TrailingBlanks implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;
  private static final Pattern END_OF_LINE = Pattern.compile("[\\r\\n]+\\z");

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (value == null || value.getValue() == null) {
      return value;
    }
    String text = value.getValue();
    String stripped =
        name.startsWith("gateway.") ? text.strip() : END_OF_LINE.matcher(text).replaceFirst("");
    return stripped.equals(text) ? value : value.withValue(stripped);
  }
}
