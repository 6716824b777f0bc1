package org.psidgateway.ops;

import io.smallrye.config.common.utils.StringUtil;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which names of a configuration are keys of ours. A pattern is a key in which {@code *} stands for
 * the name of a map's entry, plain or quoted, and {@code [*]} for the place in a list.
 */
final class KeyPatterns {
  static final String ROOT = "gateway.";
  private static final String VARIABLE_ROOT = "GATEWAY_";

  private final List<Pattern> keys;
  private final NearestKey nearest;

  KeyPatterns(Collection<String> patterns) {
    keys = patterns.stream().map(KeyPatterns::compile).toList();
    nearest = new NearestKey(patterns);
  }

  /**
   * The names that look like ours and are not, sorted. The configuration lists an environment
   * variable twice: as it is spelled, and as the key that it was read as. So a variable is known if
   * a known key beside it has its spelling; an unknown one is reported as the operator wrote it.
   */
  Set<String> unknown(Iterable<String> names) {
    Set<String> read = new HashSet<>(); // the spellings, as variables, of keys that are known
    Set<String> unknownKeys = new TreeSet<>();
    Set<String> variables = new TreeSet<>();
    for (String name : names) {
      if (isKey(name)) {
        read.add(asVariable(name));
      } else if (name.startsWith(ROOT)) {
        unknownKeys.add(name);
      } else if (asVariable(name).startsWith(VARIABLE_ROOT)) {
        variables.add(name);
      }
    }
    Set<String> spellings =
        variables.stream().map(KeyPatterns::asVariable).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>(variables);
    unknown.removeIf(variable -> read.contains(asVariable(variable)));
    unknownKeys.stream().filter(key -> !spellings.contains(asVariable(key))).forEach(unknown::add);
    return unknown;
  }

  /** What an unknown name was probably meant to be. */
  Optional<String> meant(String unknown) {
    return nearest.to(unknown);
  }

  boolean isKey(String name) {
    return keys.stream().anyMatch(key -> key.matcher(name).matches());
  }

  static String asVariable(String key) {
    return StringUtil.replaceNonAlphanumericByUnderscores(key).toUpperCase(Locale.ROOT);
  }

  private static Pattern compile(String pattern) {
    String regex =
        Pattern.quote(pattern)
            .replace("[*]", "\\E\\[\\d+]\\Q")
            .replace("*", "\\E(?:\"[^\"]+\"|[^.\"\\[\\]]+)\\Q");
    return Pattern.compile(regex);
  }
}
