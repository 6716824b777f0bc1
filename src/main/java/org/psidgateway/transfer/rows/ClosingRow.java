package org.psidgateway.transfer.rows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last line of our exports, by which one knows that nothing is missing: how many rows there
 * are, and the SHA-256 of all bytes before it.
 *
 * @param sha256 64 hexadecimal digits in lower case
 */
public record ClosingRow(long count, String sha256) {
  /** How such a line begins, as written here: {@link ClosingDigest} looks for it. */
  static final byte[] NDJSON_START = "{\"count\":".getBytes(StandardCharsets.US_ASCII);

  static final byte[] CSV_START = "#end".getBytes(StandardCharsets.US_ASCII);

  private static final int CELLS = 3;
  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** With blanks too: a tool that wrote the file anew has changed it, which has to be told. */
  private static final Pattern NDJSON =
      Pattern.compile("\\{ *\"count\" *: *(\\d{1,18}) *, *\"sha256\" *: *\"([0-9a-f]{64})\" *} *");

  private static final int LONGEST_NDJSON = 200;

  /** The line for NDJSON, with its line break. */
  public static byte[] ndjson(long count, byte[] sha256) {
    return ascii("{\"count\":" + count + ",\"sha256\":\"" + hex(sha256) + "\"}\n");
  }

  /** The line for CSV, with its line break and as many cells as the other rows, at least three. */
  public static byte[] csv(long count, byte[] sha256, int columns) {
    String padding = ",".repeat(Math.max(0, columns - CELLS));
    return ascii("#end," + count + "," + hex(sha256) + padding + "\n");
  }

  static @Nullable ClosingRow ofNdjson(String line) {
    if (line.length() > LONGEST_NDJSON) {
      return null;
    }
    Matcher matcher = NDJSON.matcher(line);
    return matcher.matches()
        ? new ClosingRow(Long.parseLong(matcher.group(1)), matcher.group(2))
        : null;
  }

  static @Nullable ClosingRow ofCsv(List<String> cells) {
    return cells.get(0).equals("#end")
            && cells.size() >= CELLS
            && COUNT.matcher(cells.get(1)).matches()
            && SHA256.matcher(cells.get(2)).matches()
            && cells.subList(CELLS, cells.size()).stream().allMatch(String::isEmpty)
        ? new ClosingRow(Long.parseLong(cells.get(1)), cells.get(2))
        : null;
  }

  boolean fits(long rows, byte @Nullable [] digest) {
    return count == rows && digest != null && sha256.equals(hex(digest));
  }

  private static String hex(byte[] sha256) {
    return HexFormat.of().formatHex(sha256);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
