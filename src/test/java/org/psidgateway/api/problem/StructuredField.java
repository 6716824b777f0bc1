package org.psidgateway.api.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A member of a List of Items (RFC 9651) as a generic client reads it: Strings, Tokens, Integers
 * and Booleans, each with parameters. Refuses whatever the grammar does not allow.
 */
record StructuredField(Object item, Map<String, Object> parameters) {
  private static final Pattern STRING = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"");
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,15}(?![0-9.])");
  private static final Pattern BOOLEAN = Pattern.compile("\\?([01])");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*");
  private static final Pattern KEY = Pattern.compile("[a-z*][a-z0-9_.*-]*");
  private static final Pattern SPACES = Pattern.compile(" *");
  private static final Pattern NEXT = Pattern.compile("[ \t]*,[ \t]*");

  static List<StructuredField> list(String value) {
    Cursor cursor = new Cursor(value.strip());
    List<StructuredField> members = new ArrayList<>();
    do {
      Object item = cursor.item();
      Map<String, Object> parameters = new LinkedHashMap<>();
      while (cursor.takes(";")) {
        cursor.read(SPACES);
        String key = cursor.read(KEY).group();
        parameters.put(key, cursor.takes("=") ? cursor.item() : Boolean.TRUE);
      }
      members.add(new StructuredField(item, parameters));
    } while (cursor.find(NEXT) != null);
    if (!cursor.atEnd()) {
      throw new IllegalArgumentException("something follows: " + value);
    }
    return members;
  }

  private static final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
      this.text = text;
    }

    boolean atEnd() {
      return at == text.length();
    }

    boolean takes(String literal) {
      boolean there = text.startsWith(literal, at);
      at += there ? literal.length() : 0;
      return there;
    }

    Matcher find(Pattern pattern) {
      Matcher matcher = pattern.matcher(text).region(at, text.length());
      if (!matcher.lookingAt()) {
        return null;
      }
      at = matcher.end();
      return matcher;
    }

    Matcher read(Pattern pattern) {
      Matcher matcher = find(pattern);
      if (matcher == null) {
        throw new IllegalArgumentException(pattern + " expected at " + at + ": " + text);
      }
      return matcher;
    }

    Object item() {
      Matcher string = find(STRING);
      if (string != null) {
        return string.group(1).replaceAll("\\\\(.)", "$1");
      }
      Matcher integer = find(INTEGER);
      if (integer != null) {
        return Long.valueOf(integer.group());
      }
      Matcher bool = find(BOOLEAN);
      return bool != null ? bool.group(1).equals("1") : read(TOKEN).group();
    }
  }
}
