package org.psidgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Runbook;

/** What the runbook says is in the log can be there: {@code RunbookSoak} sees to most of it. */
class RunbookTest {
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** How the source puts a long text together. */
  private static final String JOINED = "\"\\s*\\+\\s*\"";

  @Test
  void everyLineThatIsQuoted_isInTheSource() throws IOException {
    String source = source();
    Runbook.lines()
        .forEach(
            (alert, lines) ->
                lines.forEach(
                    line ->
                        assertThat(pieces(line))
                            .as("%s: %s", alert, line)
                            .isNotEmpty()
                            .filteredOn(piece -> !source.contains(piece))
                            .isEmpty()));
  }

  /** What lies between the parts that vary, some of which are words in parentheses. */
  private static List<String> pieces(String line) {
    return Stream.of(line.split(Runbook.ANYTHING + "|[(][a-z…]*[)]?|[)]|: ", -1))
        .map(piece -> piece.replaceAll("^\\W+", "").strip())
        .filter(piece -> piece.length() > 2)
        .toList();
  }

  private static String source() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString().replaceAll(JOINED, "");
  }
}
