package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRowsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[%s]",
        " \n[ %s ]\r\n",
        "\ufeff[%s]",
        "\ufeff\ufeff[%s]",
        "{\"items\":[%s],\"next_cursor\":null}",
        "{\"next_cursor\":{\"items\":[\"9\"]},\"n\":[1,[2]],\"items\":[%s]}",
        "{\"asids\":[%s]}",
        "{\"items\":null,\"asids\":[%s]}",
      })
  void items_areReadWhereverTheListIs(String document) {
    String items =
        "\"11\", {\"asid\": \"12\",\n \"psid\" : \"13\"} ,14,null,true,[\"15\"],\"\\u0031\",1.50";
    Reading reading = Reading.of(FileFormat.JSON, document.replace("%s", items), "asid", "psid");
    assertThat(reading.rows())
        .containsExactly(
            "1: 11 MISSING [\"11\"]",
            "2: 12 13 [{\"asid\": \"12\",\n \"psid\" : \"13\"}]",
            "3: NUMBER MISSING [14]",
            "4: MISSING MISSING [null]",
            "5: NOT_AN_ID NOT_AN_ID [true]",
            "6: NOT_AN_ID NOT_AN_ID [[\"15\"]]",
            "7: 1 MISSING [\"\\u0031\"]",
            "8: NUMBER MISSING [1.50]");
    assertThat(reading.count()).isEqualTo(8);
  }

  @Test
  void itemsOfALongFile_areGivenAsTheyCame() {
    String kinds = "{\"asid\":\"%d\",\"näme\":\"€ 𝄞 %d\"}";
    for (String kind : new String[] {kinds, "\"%d\"", "%d", "[%d, {\"x\": \"%d\"}]"}) {
      String[] items =
          IntStream.range(1, 20_000)
              .mapToObj(i -> kind.replace("%d", "1" + "0".repeat(i % 18) + i % 10))
              .toArray(String[]::new);
      String document = "[" + String.join(" ,\n", items) + "]";
      assertThat(Reading.of(FileFormat.JSON, document).rows())
          .map(row -> row.substring(row.indexOf('[') + 1, row.length() - 1))
          .containsExactly(items);
    }
  }

  @Test
  void ignoredMembers_mayBeLong() {
    String filler =
        IntStream.range(0, 200_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String document = "{\"x\":[" + filler + "],\"items\":[\"11\"],\"y\":[" + filler + "]}";
    assertThat(Reading.of(FileFormat.JSON, document).rows()).containsExactly("1: 11 [\"11\"]");
  }

  @Test
  void emptyList_hasNoRows() {
    assertThat(Reading.of(FileFormat.JSON, "[]").count()).isZero();
    assertThat(Reading.of(FileFormat.JSON, "{\"items\":[]}").count()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|0|neither",
        "\"11\"|0|neither",
        "{}|0|neither",
        "{\"items\":{\"asids\":[]}}|0|neither",
        "x|0|not well-formed",
        "[|0|not well-formed",
        "{\"items\":[],\"items\":[]}|0|a second list",
        "{\"items\":[\"1\"],\"asids\":[]}|1|a second list",
        "[\"1\",\"2\"|2|not well-formed",
        "[\"1\",\"2\" \"3\"]|2|not well-formed",
        "[\"1\",{\"asid\":\"2\",}]|2|not well-formed",
        "[\"1\",{\"asid\":\"2|2|not well-formed",
        "[\"1\"]x|1|not well-formed",
        "[\"1\"][\"2\"]|1|something follows",
        "{\"items\":[\"1\"]|1|not well-formed",
      })
  void documentThatIsNone_isTold_withItsItem(String document, int item, String message) {
    assertThat(Reading.of(FileFormat.JSON, document).unreadable())
        .startsWith("SYNTAX " + item + ": the file can't be read")
        .contains(message);
  }

  @Test
  void itemsBeforeTheFault_wereDelivered() {
    assertThat(Reading.of(FileFormat.JSON, "[\"1\",\"2\",oops]").rows()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"1\",[", "[\"1\",{\"a\":"})
  void depth_isBounded(String start) {
    String step = start.substring(5);
    assertThat(Reading.of(new Endless(start, step), Reading.options(FileFormat.JSON)).unreadable())
        .startsWith("SYNTAX 2: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"1\",\"|1",
        "[\"1\",{\"asid\":\"1\",\"b\":\"|1",
        "[\"1\",[|\"x\",",
        "[\"1\",[|1,",
        "[\"1\",{\"a|a",
        "[\"1\",[1|1",
      })
  void endlessItem_isRefused(String start, String repeated) {
    Endless endless = new Endless(start, repeated);
    assertThat(Reading.of(endless, Reading.options(FileFormat.JSON)).unreadable())
        .startsWith("SYNTAX 2: ");
    assertThat(endless.given()).isLessThan(4L << 20);
  }
}
