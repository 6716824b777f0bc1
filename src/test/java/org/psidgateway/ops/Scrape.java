package org.psidgateway.ops;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one look of Prometheus at a pod finds: series by name, each with its labels. */
record Scrape(Map<String, Set<Map<String, String>>> series) {
  private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+.*");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  static Scrape of(String text) {
    Map<String, Set<Map<String, String>>> series = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                series
                    .computeIfAbsent(line.group(1), name -> new HashSet<>())
                    .add(labels(line.group(2) == null ? "" : line.group(2))));
    return new Scrape(series);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    return labels;
  }

  boolean has(String name) {
    return series.containsKey(name);
  }

  /** Whether a series of that name has a label with such a value. */
  boolean has(String name, String label, Pattern value) {
    return series.getOrDefault(name, Set.of()).stream()
        .anyMatch(
            labels -> labels.containsKey(label) && value.matcher(labels.get(label)).matches());
  }
}
