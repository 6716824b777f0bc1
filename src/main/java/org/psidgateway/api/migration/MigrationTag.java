package org.psidgateway.api.migration;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.EntityTag;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.migration.Migration;

/** The validator of a migration: its revision, which settings and state move, and its progress. */
final class MigrationTag {
  private static final Pattern FORM = Pattern.compile("\"(\\d{1,18})(-\\d{1,18})?\"");

  /** No migration has it. */
  private static final long NONE = 0;

  private MigrationTag() {}

  static EntityTag of(Migration migration) {
    return new EntityTag("\"" + migration.revision() + "-" + migration.progress() + "\"");
  }

  /**
   * The revision that {@code If-Match} asks for: counts move all the time, and are no reason to
   * refuse a change. Empty: any.
   */
  static OptionalLong revision(@Nullable List<String> ifMatch) {
    if (ifMatch == null || ifMatch.isEmpty()) {
      return OptionalLong.empty();
    }
    if (ifMatch.size() > 1 || ifMatch.get(0).contains(",")) {
      throw Problem.parameter("If-Match", "must be one ETag of this migration");
    }
    String tag = ifMatch.get(0).strip();
    Matcher form = FORM.matcher(tag);
    if (tag.equals("*")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(form.matches() ? Long.parseLong(form.group(1)) : NONE);
  }
}
