package org.psidgateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.psidgateway.testing.SqlStatement.Parameter;

/** Takes apart what JDBC is given: into statements, each with its own parameters. */
final class SqlText {
  private final String text;
  private final List<Parameter> parameters;
  private final List<SqlStatement> statements = new ArrayList<>();
  private StringBuilder statement = new StringBuilder();
  private List<Parameter> own = new ArrayList<>();
  private int used;
  private int at;

  private SqlText(String text, List<Parameter> parameters) {
    this.text = text;
    this.parameters = parameters;
  }

  static List<SqlStatement> statements(String text, List<Parameter> parameters) {
    return new SqlText(text, parameters).split();
  }

  private List<SqlStatement> split() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        copyTo(end(Character.toString(c), at + 1));
      } else if (text.startsWith("$$", at)) {
        copyTo(end("$$", at + 2));
      } else if (text.startsWith("--", at)) {
        at = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
      } else if (text.startsWith("/*", at)) {
        at = end("*/", at + 2);
      } else if (text.startsWith("??", at)) {
        statement.append('?');
        at += 2;
      } else if (c == '?') {
        own.add(parameters.get(used++));
        statement.append('$').append(own.size());
        at++;
      } else if (c == ';') {
        close();
        at++;
      } else {
        statement.append(c);
        at++;
      }
    }
    close();
    return statements;
  }

  private int end(String mark, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found + mark.length();
  }

  private void copyTo(int end) {
    statement.append(text, at, end);
    at = end;
  }

  private void close() {
    if (!statement.toString().isBlank()) {
      statements.add(new SqlStatement(statement.toString().strip(), List.copyOf(own)));
    }
    statement = new StringBuilder();
    own = new ArrayList<>();
  }
}
