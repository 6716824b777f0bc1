package org.psidgateway.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A validator of an answer (RFC 9110).
 *
 * @param text as the {@code ETag} has it, with its quotes
 */
public record EntityTag(String text) {

  /** Whether the headers {@code If-None-Match} name it: weakly, as those are compared. */
  public boolean isAmong(@Nullable List<String> ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String header : ifNoneMatch) {
      for (String candidate : header.split(",", -1)) {
        String bare = candidate.strip();
        if (bare.equals("*") || opaque(bare).equals(opaque(text))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
