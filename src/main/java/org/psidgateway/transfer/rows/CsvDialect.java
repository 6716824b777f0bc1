package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/**
 * How a CSV is written.
 *
 * @param told how many characters its first line has that tells the separator to Excel; 0 for none
 */
record CsvDialect(char separator, int told) {
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
  private static final Pattern TELLS =
      Pattern.compile(
          "\"?sep=([\\t -~&&[^\"]])\"?(?:\\r\\n|\\r|\\n|\\z)", Pattern.CASE_INSENSITIVE);

  /** Found out by the beginning of the file, unless {@code given}. */
  static CsvDialect of(String head, @Nullable Character given, List<String> columns)
      throws IOException {
    Matcher tells = TELLS.matcher(head);
    boolean told = tells.lookingAt();
    int skipped = told ? tells.end() : 0;
    if (given != null) {
      return new CsvDialect(given, skipped);
    }
    if (told) {
      return new CsvDialect(tells.group(1).charAt(0), skipped);
    }
    char best = SEPARATORS.get(0);
    long bestScore = -1;
    for (char separator : SEPARATORS) {
      long score = score(head, separator, columns);
      if (score > bestScore) {
        best = separator;
        bestScore = score;
      }
    }
    return new CsvDialect(best, 0);
  }

  /** Most of all names that are wanted, then ids where they are wanted, then the most cells. */
  private static long score(String head, char separator, List<String> columns) throws IOException {
    CsvRecords.Cells first;
    try {
      first = new CsvRecords(new StringReader(head), separator, 0).next();
    } catch (UnreadableFile e) {
      return -1;
    }
    if (first == null) {
      return 0;
    }
    List<String> cells = first.cells();
    long names = 0;
    long ids = 0;
    for (int i = 0; i < columns.size(); i++) {
      names += CsvColumns.named(columns.get(i), cells).length > 0 ? 1 : 0;
      ids += i < cells.size() && Ids.parse(cells.get(i)) != Ids.MALFORMED ? 1 : 0;
    }
    return (names << 48) + (ids << 32) + cells.size();
  }
}
