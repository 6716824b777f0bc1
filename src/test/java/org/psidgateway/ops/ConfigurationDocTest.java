package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.psidgateway.ops.ConfigurationSource.Key;
import org.psidgateway.security.Role;

/** The reference of all keys is generated from the code, so that the two can't differ. */
class ConfigurationDocTest {
  private static final Path DOCUMENT = Path.of("docs", "configuration.md");
  private static final String COMMAND = "./mvnw test -Dtest=ConfigurationDocTest -Ddocs.write=true";
  private static final String BEGIN = "<!-- generated: " + COMMAND + " -->\n";
  private static final String END = "<!-- end of what is generated -->";
  private static final String INDENT = "  ";
  private static final int WIDTH = 120;
  private static final Pattern LINK = Pattern.compile("\\{@link #(\\w+)}");
  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");

  @Test
  void document_saysWhatTheCodeSays() throws IOException {
    String written = Files.readString(DOCUMENT);
    int from = written.indexOf(BEGIN) + BEGIN.length();
    int to = written.indexOf(END);
    assertThat(from).isBetween(BEGIN.length(), to);
    String due = written.substring(0, from) + tables() + written.substring(to);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOCUMENT, due);
    } else {
      assertThat(written).as("docs/configuration.md is out of date: %s", COMMAND).isEqualTo(due);
    }
  }

  @Test
  void everyKey_hasAMeaning() throws IOException {
    assertThat(keys().values())
        .hasSizeGreaterThan(40)
        .allSatisfy(key -> assertThat(key.meaning()).as(key.name()).isNotEmpty());
  }

  private static Map<String, Key> keys() throws IOException {
    Map<String, Key> keys = ConfigurationSource.read(Path.of("src", "main", "java"));
    keys.keySet().removeIf(name -> !name.startsWith("gateway."));
    return keys;
  }

  private static String tables() throws IOException {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (Key key : keys().values()) {
      String root = key.name().split("\\.", -1)[1];
      if (!root.equals(section)) {
        section = root;
        text.append("\n### `gateway.").append(root).append("`\n\n");
      }
      text.append("- ").append(wrapped(head(key))).append('\n');
      text.append("  ").append(wrapped(meaning(key))).append('\n');
    }
    return text.append('\n').toString();
  }

  private static String head(Key key) {
    return "**`%s`** (`%s`): %s%s."
        .formatted(
            key.name(),
            variable(key.name()),
            type(key.type()),
            key.byDefault().map(value -> "; default `" + value + "`").orElse(""));
  }

  private static String meaning(Key key) {
    String linked =
        LINK.matcher(key.meaning()).replaceAll(link -> "`" + kebab(link.group(1)) + "`");
    return CODE.matcher(linked).replaceAll("`$1`");
  }

  /** As an item of a list, wrapped to the width of the page. */
  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int length = INDENT.length();
    for (String word : text.split(" ", -1)) {
      if (length + word.length() >= WIDTH) {
        lines.setCharAt(lines.length() - 1, '\n');
        lines.append(INDENT);
        length = INDENT.length();
      }
      lines.append(word).append(' ');
      length += word.length() + 1;
    }
    return lines.toString().stripTrailing();
  }

  private static String variable(String key) {
    return KeyPatterns.asVariable(key)
        .replace("__ID___", "_<ID>__")
        .replace("__NAME___", "_<NAME>__");
  }

  private static String kebab(String method) {
    return StringUtil.skewer(method);
  }

  private static String type(String type) {
    String bare = type.replaceAll("^Optional<(.*)>$", "$1");
    return switch (bare) {
      case "int", "long", "OptionalInt", "OptionalLong" -> "number";
      case "double" -> "share from 0 to 1";
      case "boolean", "Boolean" -> "`true` or `false`";
      case "String" -> "text";
      case "URI" -> "URL";
      case "Duration" -> "duration such as `PT2S`";
      case "Period" -> "period such as `P180D`";
      case "LocalDate" -> "date such as `2026-05-01`";
      case "List<String>" -> "list separated by commas";
      case "Set<Role>" -> "list separated by commas, of " + names(Role.values());
      default -> "`" + bare.replace("|", "` or `") + "`";
    };
  }

  private static String names(Role[] roles) {
    return Stream.of(roles)
        .map(role -> "`" + role.name().toLowerCase(Locale.ROOT) + "`")
        .collect(Collectors.joining(", "));
  }
}
