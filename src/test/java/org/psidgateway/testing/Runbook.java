package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The log lines that docs/runbook.md tells its readers to look for, by alert. */
public final class Runbook {
  /** Stands for what varies. */
  public static final String ANYTHING = "…";

  private static final Pattern SECTION = Pattern.compile("(?m)^### (\\w+)$");
  private static final Pattern PARAGRAPH = Pattern.compile("(?s)In the log.*?(?:\n\n|\\z)");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private Runbook() {}

  /** What the section of each alert quotes; alerts whose sections quote nothing are left out. */
  public static Map<String, List<String>> lines() {
    String text = read();
    Map<String, List<String>> lines = new TreeMap<>();
    List<String> parts = List.of(SECTION.split(text));
    List<String> names = SECTION.matcher(text).results().map(found -> found.group(1)).toList();
    for (int i = 0; i < names.size(); i++) {
      List<String> quoted =
          PARAGRAPH
              .matcher(parts.get(i + 1))
              .results()
              .flatMap(found -> quoted(found.group()))
              .toList();
      if (!quoted.isEmpty()) {
        lines.put(names.get(i), quoted);
      }
    }
    return lines;
  }

  /** What of the log a quotation means. */
  public static Pattern pattern(String quoted) {
    return Pattern.compile(
        Stream.of(quoted.split(ANYTHING, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  private static Stream<String> quoted(String paragraph) {
    Matcher matcher = QUOTED.matcher(paragraph);
    return matcher.results().map(found -> found.group(1).replaceAll("\\s+", " "));
  }

  private static String read() {
    try {
      return Files.readString(Path.of("docs", "runbook.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
