package org.psidgateway.page;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a value that may be unset: it is kept, or replaced.
 *
 * @param value the new one, null to unset it; nothing if the present one is kept
 */
public record Edit<T>(boolean keeps, @Nullable T value) {

  public static <T> Edit<T> keep() {
    return new Edit<>(true, null);
  }

  public static <T> Edit<T> to(@Nullable T value) {
    return new Edit<>(false, value);
  }

  @Nullable T over(@Nullable T present) {
    return keeps ? present : value;
  }
}
