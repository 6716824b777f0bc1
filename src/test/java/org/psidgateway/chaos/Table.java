package org.psidgateway.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of each scenario, as Markdown; rewritten after each, so that a run that breaks off has
 * it.
 */
final class Table {
  private static final String HEAD =
      """
      | scenario | ids converted | converted again | calls in cooldown | calls over pace \
      | failed look-ups of known ids | of | recovery | took | |
      |---|--:|--:|--:|--:|--:|--:|--:|--:|---|
      """;

  private final Path file;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  Table(Path file) {
    this.file = file;
  }

  record Row(
      String scenario, Counts counts, Duration recovery, Duration took, List<Finding> findings) {

    String markdown() {
      String broken =
          findings.stream().map(Finding::promise).distinct().collect(Collectors.joining(", "));
      return "| %s | %d | %d | %d | %d | %d | %d | %.1f s | %.0f s | %s |%n"
          .formatted(
              scenario,
              counts.converted(),
              counts.again(),
              counts.inCooldown(),
              counts.overPace(),
              counts.failed(),
              counts.lookedUp(),
              recovery.toMillis() / 1000.0,
              took.toMillis() / 1000.0,
              broken.isEmpty() ? "held" : "**" + broken + "**");
    }
  }

  synchronized void add(Row row) {
    rows.add(row);
    write();
  }

  synchronized void remark(String text) {
    remarks.add(text);
    write();
  }

  private void write() {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized String toString() {
    return HEAD
        + rows.stream().map(Row::markdown).collect(Collectors.joining())
        + remarks.stream().map(text -> "\n" + text + "\n").collect(Collectors.joining());
  }
}
