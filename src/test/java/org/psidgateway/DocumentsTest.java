package org.psidgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/** The documents can be read in an editor and followed by their links; the glossary is complete. */
class DocumentsTest {
  private static final int WIDTH = 140;
  private static final Path RATIONALE = Path.of("RATIONALE.md");
  private static final Path GLOSSARY = Path.of("docs", "glossary.md");
  private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");
  private static final Path OPENAPI =
      Path.of("src", "main", "resources", "META-INF", "openapi.yaml");
  private static final Path SOURCES = Path.of("src", "main", "java", "org", "psidgateway");

  private static final Path RUNBOOK = Path.of("docs", "runbook.md");
  private static final Path DASHBOARD =
      Path.of("k8s", "components", "monitoring", "dashboard.json");

  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.+)$");
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(([^)\\s]+)\\)");
  private static final Pattern CONTENTS = Pattern.compile("(?m)^( *)- \\[(.+)]\\(#(.+)\\)$");
  private static final Pattern WORD = Pattern.compile("- \\*\\*`?([^*`]+)`?\\*\\*: .+\\.");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)`");
  private static final Pattern PANEL = Pattern.compile("(?<!\\*)\\*([A-Z][^*]+)\\*(?!\\*)");
  private static final Pattern TABLE = Pattern.compile("(?m)^create table (\\w+)");
  private static final Pattern DROPPED = Pattern.compile("(?m)^drop table (\\w+)");

  @Test
  void lines_fitIntoAnEditor() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> documents = documents();
    documents.add(OPENAPI);
    for (Path document : documents) {
      for (String line : Files.readAllLines(document)) {
        if (line.codePointCount(0, line.length()) > WIDTH) {
          tooLong.add(document + ": " + line);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void links_leadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    for (Path document : documents()) {
      for (String target : all(LINK, prose(document), 2)) {
        if (!target.contains("://")) {
          checked++;
          if (!leadsSomewhere(document, target)) {
            broken.add(document + ": " + target);
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(100);
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path from, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  @Test
  void contentsOfTheRationale_areItsHeadings() throws IOException {
    String text = prose(RATIONALE);
    List<String> headings = new ArrayList<>();
    for (MatchResult heading : results(HEADING, text)) {
      if (heading.group(1).length() > 1) {
        headings.add(" ".repeat(2 * heading.group(1).length() - 4) + heading.group(2));
      }
    }
    List<String> contents = new ArrayList<>();
    for (MatchResult line : results(CONTENTS, text)) {
      assertThat(line.group(3)).isEqualTo(anchor(line.group(2)));
      contents.add(line.group(1) + line.group(2));
    }
    assertThat(contents).hasSizeGreaterThan(40).isEqualTo(headings);
  }

  @Test
  void glossary_hasOneLineForEachWord_inAlphabeticalOrder() throws IOException {
    Set<String> words = new HashSet<>();
    for (String section : Files.readString(GLOSSARY).split("(?m)^## ", -1)) {
      List<String> inOrder = new ArrayList<>();
      section
          .lines()
          .filter(line -> line.startsWith("- "))
          .forEach(
              line -> {
                assertThat(line).matches(WORD);
                String word = all(WORD, line, 1).get(0);
                assertThat(section.startsWith("Packages") || words.add(word)).as(word).isTrue();
                inOrder.add(word);
              });
      assertThat(inOrder).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
    }
    assertThat(words).hasSizeGreaterThan(100);
  }

  @Test
  void glossary_explainsEachStatusLaneAndPackage() throws IOException {
    List<String> required = new ArrayList<>();
    Stream.of(Fate.Status.values()).map(Fate.Status::wireName).forEach(required::add);
    Stream.of(Lane.values())
        .map(lane -> lane.name().toLowerCase(Locale.ROOT))
        .forEach(required::add);
    try (Stream<Path> packages = Files.list(SOURCES)) {
      packages
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .forEach(required::add);
    }
    assertThat(all(WORD, Files.readString(GLOSSARY), 1)).containsAll(required);
  }

  @Test
  void glossary_namesEachTable() throws IOException {
    StringBuilder migrations = new StringBuilder();
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      for (Path file : files.toList()) {
        migrations.append(Files.readString(file)).append('\n');
      }
    }
    List<String> tables = all(TABLE, migrations, 1);
    tables.removeAll(all(DROPPED, migrations, 1));
    assertThat(tables).hasSizeGreaterThan(8);
    assertThat(Files.readString(GLOSSARY))
        .contains(tables.stream().map(table -> "table `" + table + "`").toList());
  }

  @Test
  void glossary_namesTypesThatExist() throws IOException {
    Set<String> types = new HashSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files
          .map(file -> file.getFileName().toString())
          .forEach(file -> types.add(file.replace(".java", "")));
    }
    List<String> named = all(TYPE, Files.readString(GLOSSARY), 1);
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(types).containsAll(named);
  }

  @Test
  void panels_areOnTheDashboard() throws IOException {
    String dashboard = Files.readString(DASHBOARD);
    List<String> panels = new ArrayList<>(all(PANEL, Files.readString(RUNBOOK), 1));
    assertThat(panels)
        .hasSizeGreaterThan(10)
        .map(panel -> panel.replaceAll("\\s+", " "))
        .allSatisfy(panel -> assertThat(dashboard).contains("\"title\": \"" + panel + "\""));
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(Path.of(""), Path.of("docs"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    assertThat(documents).hasSizeGreaterThan(10);
    return documents;
  }

  private static String prose(Path document) throws IOException {
    return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
  }

  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new HashSet<>();
    all(HEADING, prose(document), 2).forEach(heading -> anchors.add(anchor(heading)));
    return anchors;
  }

  /** As GitHub makes it. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  private static List<MatchResult> results(Pattern pattern, CharSequence text) {
    return pattern.matcher(text).results().toList();
  }

  private static List<String> all(Pattern pattern, CharSequence text, int group) {
    List<String> found = new ArrayList<>();
    results(pattern, text).forEach(match -> found.add(match.group(group)));
    return found;
  }
}
