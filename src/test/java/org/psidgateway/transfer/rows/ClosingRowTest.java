package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClosingRowTest {
  private static final String CHANGED =
      ": rows were lost, added or changed since this file was exported, says its closing row in"
          + " line 4; remove that line to use the file all the same";
  private static final String CSV = "asid,psid\n11,12\n13,14\n";
  private static final String NDJSON = "\"11\"\n\n\"12\"\n";

  @Property(tries = 50)
  void whatIsWritten_isRead(
      @ForAll @IntRange(max = 500) int rows, @ForAll @IntRange(min = 1, max = 300) int columns) {
    StringBuilder csv = new StringBuilder("asid" + ",c".repeat(columns - 1) + "\n");
    StringBuilder ndjson = new StringBuilder();
    for (int i = 1; i <= rows; i++) {
      csv.append(i).append(",".repeat(columns - 1)).append('\n');
      ndjson.append("{\"asid\":\"").append(i).append("\"}\n");
    }
    assertReads(FileFormat.CSV, csv.toString(), columns);
    assertReads(FileFormat.NDJSON, ndjson.toString(), columns);
  }

  private static void assertReads(FileFormat format, String file, int columns) {
    Reading without = Reading.of(format, file);
    for (String tail : new String[] {"", "\n", "\r\n\n"}) {
      byte[] closing = closing(format, file, without.count(), columns);
      Reading reading =
          Reading.of(format, Reading.concat(Reading.bytes(file), closing, Reading.bytes(tail)));
      assertThat(reading.outcome()).isEqualTo(without.outcome());
    }
  }

  @Test
  void rows_areAsInTheContract() {
    byte[] hash = sha256("");
    String hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assertThat(ClosingRow.ndjson(7, hash))
        .asString()
        .isEqualTo("{\"count\":7,\"sha256\":\"" + hex + "\"}\n");
    assertThat(ClosingRow.csv(7, hash, 1)).asString().isEqualTo("#end,7," + hex + "\n");
    assertThat(ClosingRow.csv(7, hash, 5)).asString().isEqualTo("#end,7," + hex + ",,\n");
  }

  @Test
  void withoutItsLineBreak_itIsReadToo() {
    String closing = text(closing(FileFormat.CSV, CSV, 2, 2)).strip();
    assertThat(Reading.of(FileFormat.CSV, CSV + closing).count()).isEqualTo(2);
    closing = text(closing(FileFormat.NDJSON, NDJSON, 2, 2)).strip();
    assertThat(Reading.of(FileFormat.NDJSON, NDJSON + closing).count()).isEqualTo(2);
  }

  @Test
  void emptyExport_isRead() {
    assertThat(Reading.of(FileFormat.NDJSON, closing(FileFormat.NDJSON, "", 0, 1)).outcome())
        .containsExactly("null 0 null");
    assertThat(Reading.of(FileFormat.CSV, closing(FileFormat.CSV, "", 0, 1)).count()).isZero();
  }

  @Test
  void changedFile_isTold_afterItsRows() {
    String closing = text(closing(FileFormat.CSV, CSV, 2, 2));
    assertChanged(FileFormat.CSV, "asid,psid\n11,12\n13,15\n" + closing);
    assertChanged(FileFormat.CSV, CSV.replace("11,12", "\n11,12").replace("13,14\n", "") + closing);
    assertChanged(FileFormat.CSV, CSV.replace("\n", "\r\n") + closing);
    assertChanged(FileFormat.CSV, CSV + closing.replace("#end,2", "#end,3"));
    assertChanged(FileFormat.CSV, CSV + closing.replaceAll("[0-9a-f]{64}", "a".repeat(64)));
    assertChanged(FileFormat.CSV, CSV + "\"#end\"" + closing.substring(4).replace("2,", "9,"));
    String ndjson = text(closing(FileFormat.NDJSON, NDJSON, 2, 2));
    assertChanged(FileFormat.NDJSON, NDJSON.replace("12", "13") + ndjson);
    assertChanged(FileFormat.NDJSON, NDJSON.replace("\"12\"", "") + ndjson);
    assertChanged(FileFormat.NDJSON, NDJSON + ndjson.replace("{", "{ "));
  }

  private static void assertChanged(FileFormat format, String file) {
    Reading reading = Reading.of(format, file);
    assertThat(reading.rows()).isNotEmpty();
    assertThat(reading.unreadable()).isEqualTo("CLOSING_ROW 4" + CHANGED);
  }

  @Test
  void rowsBehindIt_areTold() {
    for (FileFormat format : new FileFormat[] {FileFormat.CSV, FileFormat.NDJSON}) {
      String file = format == FileFormat.CSV ? CSV : NDJSON;
      String closed = file + text(closing(format, file, 2, 2));
      String message =
          "CLOSING_ROW 4: rows follow the closing row of an export, in line 4; remove that line to"
              + " use the file all the same";
      assertThat(Reading.of(format, closed + "\"15\"\n").unreadable()).isEqualTo(message);
      assertThat(Reading.of(format, closed + closed).unreadable()).isEqualTo(message);
    }
  }

  @Test
  void whatOnlyLooksLikeOne_isARow() {
    String hash = "a".repeat(64);
    assertThat(Reading.of(FileFormat.CSV, "11\n#end\n#end,1\n#end,x," + hash + "\n").rows())
        .hasSize(4);
    assertThat(Reading.of(FileFormat.CSV, "11\n#end,1,b\n#end,1," + hash + ",x\n").rows())
        .hasSize(3);
    assertThat(Reading.of(FileFormat.NDJSON, "{\"count\":1}\n{\"count\":\"1\"}\n").rows())
        .hasSize(2);
    assertThat(Reading.of(FileFormat.TEXT, "#end,1," + hash).rows()).hasSize(1);
  }

  @Test
  void lineInsideQuotes_isNone() {
    String file = "asid,name\n11,\"x\n#end,1," + "a".repeat(64) + "\n\"\n#endless\n";
    byte[] closing = closing(FileFormat.CSV, file, 2, 2);
    assertThat(Reading.of(FileFormat.CSV, Reading.concat(Reading.bytes(file), closing)).count())
        .isEqualTo(2);
  }

  private static byte[] closing(FileFormat format, String file, long count, int columns) {
    return format == FileFormat.CSV
        ? ClosingRow.csv(count, sha256(file), columns)
        : ClosingRow.ndjson(count, sha256(file));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Reading.bytes(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
