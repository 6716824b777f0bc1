package org.psidgateway.transfer.rows;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Files of all formats, mostly in order, with whatever people's files have in them. */
record AnyFile(FileFormat format, boolean gzip, byte[] bytes) {
  private static final String[] VALUES = {
    "1.01547E+16",
    "",
    " 12",
    "\u00a012",
    "'12",
    "x",
    "1,234",
    "é€𝄞",
    "a\"b",
    "0",
    "12\r\n34",
    "#end"
  };

  static AnyFile of(Random random) {
    FileFormat format = FileFormat.values()[random.nextInt(4)];
    boolean gzip = random.nextInt(3) == 0;
    int rows = random.nextInt(8) == 0 ? random.nextInt(2000) : random.nextInt(12);
    String end = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
    List<String> lines = new ArrayList<>();
    char separator = ",;\t".charAt(random.nextInt(3));
    if (format == FileFormat.CSV) {
      if (random.nextInt(4) == 0) {
        lines.add("sep=" + separator);
      }
      if (random.nextBoolean()) {
        lines.add("name" + separator + "ASID" + separator + "psid");
      }
    }
    for (int i = 0; i < rows; i++) {
      lines.add(line(format, separator, random));
    }
    String text =
        format == FileFormat.JSON
            ? "{\"x\":[1,{}],\"items\":[" + String.join("," + end, lines) + "]}"
            : String.join(end, lines) + (random.nextBoolean() && rows > 0 ? end : "");
    byte[] bytes = Reading.bytes((random.nextInt(5) == 0 ? "\ufeff" : "") + text);
    bytes = closed(format, bytes, rows, random);
    return new AnyFile(format, gzip, gzip ? Reading.gzip(bytes) : bytes);
  }

  RowReader.Options options() {
    RowReader.Options options =
        new RowReader.Options(format, false, Reading.PAIR, null, 10_000, 1 << 20);
    return gzip ? Reading.gzipped(options) : options;
  }

  private static String line(FileFormat format, char separator, Random random) {
    String asid = value(random);
    String psid = value(random);
    return switch (format) {
      case TEXT -> asid.replaceAll("[\r\n]", "");
      case CSV ->
          cell(asid, random) + separator + cell(psid, random) + separator + cell("", random);
      default ->
          random.nextInt(3) == 0
              ? json(asid)
              : "{\"asid\":" + json(asid) + ",\"n\":[1.5,null],\"psid\":" + json(psid) + "}";
    };
  }

  private static String value(Random random) {
    return random.nextInt(4) == 0
        ? VALUES[random.nextInt(VALUES.length)]
        : Long.toString(random.nextLong() >>> 1 + random.nextInt(60));
  }

  private static String cell(String value, Random random) {
    boolean plain = random.nextBoolean() && value.matches("[^,;\t\r\n\"]*");
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String json(String value) {
    return '"' + value.replace("\"", "\\\"").replace("\r", "\\r").replace("\n", "\\n") + '"';
  }

  /** With a closing row at times, which need not fit. */
  private static byte[] closed(FileFormat format, byte[] file, int rows, Random random) {
    if (format == FileFormat.TEXT || format == FileFormat.JSON || random.nextInt(3) > 0) {
      return file;
    }
    try {
      byte[] lines = Reading.concat(file, Reading.bytes("\n"));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(lines);
      return Reading.concat(
          lines,
          format == FileFormat.CSV
              ? ClosingRow.csv(rows, hash, random.nextInt(6))
              : ClosingRow.ndjson(rows, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
