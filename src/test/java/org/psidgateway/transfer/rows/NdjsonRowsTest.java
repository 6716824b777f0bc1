package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NdjsonRowsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"11\"|11 MISSING",
        "\" 11\"|BLANKS MISSING",
        "\"\\u0031\\u0031\"|11 MISSING",
        "11|NUMBER MISSING",
        "1.5e3|NUMBER MISSING",
        "null|MISSING MISSING",
        "true|NOT_AN_ID NOT_AN_ID",
        "[\"11\"]|NOT_AN_ID NOT_AN_ID",
        "{}|MISSING MISSING",
        "{\"asid\":\"11\",\"psid\":\"12\"}|11 12",
        "  {\"psid\": \"12\" , \"x\": {\"asid\": [1]}, \"asid\": \"11\"}  |11 12",
        "{\"asid\":11,\"psid\":null}|NUMBER MISSING",
        "{\"asid\":true,\"psid\":{\"a\":1}}|NOT_AN_ID NOT_AN_ID",
        "{\"asid\":[\"11\"],\"psid\":\"\"}|NOT_AN_ID MISSING",
        "{\"ASID\":\"11\",\"psid\":\"0\"}|MISSING NOT_AN_ID",
        "{\"asid\":\"11\",\"psid\":\"12\",\"asid\":\"11\"}|AMBIGUOUS 12",
        "{\"asid\":\"11\",\"psid\":\"12\",\"x\":1,\"x\":2}|11 12",
        "{\"asid\":\"11\"|NOT_JSON NOT_JSON",
        "\"11\" \"12\"|NOT_JSON NOT_JSON",
        "\"11|NOT_JSON NOT_JSON",
        "11,12|NOT_JSON NOT_JSON",
        "asid|NOT_JSON NOT_JSON",
        "{'asid':'11'}|NOT_JSON NOT_JSON",
        "NaN|NOT_JSON NOT_JSON",
        "{\"asid\":\"1\u0000\"}|NOT_JSON NOT_JSON",
        "\ufeff\"11\"|NOT_JSON NOT_JSON",
        "`\u2003`|NOT_JSON NOT_JSON",
      })
  void item_hasValuesOrFlaws(String line, String values) {
    String file = "\"1\"\n" + line + "\n\"2\"\n";
    assertThat(Reading.of(FileFormat.NDJSON, file, "asid", "psid").rows())
        .containsExactly(
            "1: 1 MISSING [\"1\"]", "2: " + values + " [" + line + "]", "3: 2 MISSING [\"2\"]");
  }

  @Test
  void emptyLines_areNoRows() {
    assertThat(ndjson("\n \t\n\"11\"\r\n\r\n\"12\"\r\n").rows())
        .containsExactly("3: 11 [\"11\"]", "5: 12 [\"12\"]");
  }

  @Test
  void depth_isBounded() {
    assertThat(ndjson("{\"x\":" + "[".repeat(60) + "]".repeat(60) + ",\"asid\":\"1\"}").rows())
        .singleElement()
        .asString()
        .startsWith("1: 1 ");
    assertThat(ndjson("[".repeat(100_000)).rows())
        .singleElement()
        .asString()
        .startsWith("1: NOT_JSON ");
  }

  @Test
  void numbersWithoutEnd_areNumbersOrNotRead() {
    assertThat(ndjson("1".repeat(100_000)).rows())
        .singleElement()
        .asString()
        .startsWith("1: NOT_JSON ");
  }

  @Test
  void endlessLine_isRefused() {
    Endless endless = new Endless("\"1\"\n{\"asid\":\"", "1");
    assertThat(Reading.of(endless, Reading.options(FileFormat.NDJSON)).unreadable())
        .isEqualTo("SYNTAX 2: line 2 is longer than 1 MiB");
    assertThat(endless.given()).isLessThan(4L << 20);
  }

  private static Reading ndjson(String file) {
    return Reading.of(FileFormat.NDJSON, file);
  }
}
