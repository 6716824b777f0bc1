package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void lines_mayEndInAnyWay(String end) {
    Reading reading =
        csv("asid,name" + end + "11,a" + end + end + "\"12\",\"b" + end + "c\"" + end + "13,d");
    assertThat(reading.rows())
        .containsExactly("2: 11 [11, a]", "4: 12 [12, b" + end + "c]", "6: 13 [13, d]");
    assertThat(reading.columns()).containsExactly("asid", "name");
    assertThat(reading.count()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "asid,psid~11,12",
        "asid;psid~11;12",
        "asid\tpsid~11\t12",
        "11,12",
        "11;12",
        "11\t12",
        "\ufeffasid,psid~11,12",
        "\ufeff\ufeffasid,psid~11,12",
        "sep=;~asid;psid~11;12",
        "SEP=;~asid;psid~11;12",
        "\"sep=;\"~asid;psid~11;12",
        "\ufeffsep=\t~11\t12",
        "\"asid\";\"psid\"~\"11\";\"12\"",
        " ASID , Psid ~11,12",
        " \"asid\" , \"psid\" ~ \"11\" , \"12\" ",
        "psid,asid~12,11",
        "name;psid;asid~a,b;12;11",
        "\"a;b;c;d\",asid,psid~x,11,12",
        "11,12,\"a;b;c\"",
      },
      quoteCharacter = '`')
  void separatorsAndColumns_areFound(String file) {
    Reading reading = csv(file.replace('~', '\n'), "asid", "psid");
    assertThat(reading.rows()).singleElement().asString().contains(": 11 12 [");
    assertThat(reading.failure()).isNull();
  }

  /** The first cell of an id with separators of thousands looks like an id. */
  @Test
  void rowWithMoreCellsThanTheFirst_hasNoIds_unlessTheyAreEmpty() {
    assertThat(csv("asid,name\n1,234,567,Ann\n11,Bob,,\n12,Eve").rows())
        .containsExactly("2: SURPLUS [1, 234, 567, Ann]", "3: 11 [11, Bob, , ]", "4: 12 [12, Eve]");
  }

  @Test
  void separatorThatIsAnotherInTheSpeechOfExcel_isFound() {
    assertThat(csv("sep=|\nasid|n\n11|a").rows()).containsExactly("3: 11 [11, a]");
  }

  @Test
  void givenSeparator_wins() {
    RowReader.Options options =
        new RowReader.Options(FileFormat.CSV, false, Reading.ASID, ';', 9, 1 << 20);
    assertThat(read("sep=,\nasid;a,b,c\n11;x", options).rows()).containsExactly("3: 11 [11, x]");
    assertThatThrownBy(
            () -> new RowReader.Options(FileFormat.CSV, false, Reading.ASID, '"', 9, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longFirstRecord_isReadWhole() {
    String names = "asid;" + "n;".repeat(8000) + "last";
    Reading reading = csv(names + "\n11;x");
    assertThat(reading.columns()).hasSize(8002).endsWith("last");
    assertThat(reading.rows()).containsExactly("2: 11 [11, x]");
  }

  @Test
  void header_isNoRow_evenAlone() {
    Reading reading = csv("asid,name\n");
    assertThat(reading.count()).isZero();
    assertThat(reading.columns()).containsExactly("asid", "name");
  }

  @Test
  void nothing_hasNoRows() {
    assertThat(csv("").outcome()).containsExactly("null 0 null");
    assertThat(csv("\n\r\n\n").outcome()).containsExactly("null 0 null");
  }

  @Test
  void withoutHeader_firstColumnsAreMeant() {
    Reading reading = csv("11,12,x\n13", "asid", "psid");
    assertThat(reading.rows()).containsExactly("1: 11 12 [11, 12, x]", "2: 13 MISSING [13]");
    assertThat(reading.columns()).isNull();
    assertThat(csv("77x\n11").rows()).containsExactly("1: NOT_AN_ID [77x]", "2: 11 [11]");
  }

  @Test
  void cellsThatAreNotThere_areMissing() {
    assertThat(csv("name,asid\na\nb,11,x,y\n\"\"\n,\n").rows())
        .containsExactly(
            "2: MISSING [a]", "3: SURPLUS [b, 11, x, y]", "4: MISSING []", "5: MISSING [, ]");
  }

  @Test
  void flaws_areToldByRow() {
    assertThat(csv("asid\n1.01547E+16\n\"1,234\"\n 5\n7").rows())
        .containsExactly(
            "2: SCIENTIFIC [1.01547E+16]", "3: GROUPED [1,234]", "4: BLANKS [ 5]", "5: 7 [7]");
  }

  @Test
  void quotes_areReadAsWritten() {
    assertThat(csv("asid,n\n11,\"a \"\"b\"\" c\"\n12,5\" disk\n13,\"x\r\"\n14,y").rows())
        .containsExactly(
            "2: 11 [11, a \"b\" c]", "3: 12 [12, 5\" disk]", "4: 13 [13, x\r]", "6: 14 [14, y]");
  }

  @ParameterizedTest
  @CsvSource({
    "'psid,name',1,'names no column \"asid\", which is needed'",
    "'user_id,page_user_id',1,'names no column \"asid\"; ?column= can name it'",
    "'\n\nuser_id\n11',3,'names no column \"asid\"; ?column= can name it'",
    "'asid,name',1,'names no column \"psid\", which is needed'",
    "'asid,psid,ASID',1,'names the column \"asid\" more than once'",
  })
  void namesThatDontFit_areTold(String file, int line, String message) {
    assertThat(csv(file, "asid", "psid").unreadable())
        .isEqualTo("COLUMNS " + line + ": the first line " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"12", "\"12\"\"", "12,\"", "\"12\n13\n14\n", "\"1\"2,3", "\"1\n2\"3\n4"})
  void quoteThatIsNotClosed_isTold_withItsLine(String record) {
    Reading reading = csv("asid\n11\n" + record);
    assertThat(reading.rows()).containsExactly("2: 11 [11]");
    assertThat(reading.unreadable())
        .startsWith("SYNTAX 3: the record that begins in line 3 can't be read: a quote is never");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "x", ",", "\"\"", "\"x\","})
  void endlessRecord_isRefused_beforeItIsKept(String repeated) {
    Endless file = new Endless("asid\n11\n" + (repeated.equals("\"") ? "\"x" : ""), repeated + "y");
    Reading reading = Reading.of(file, Reading.options(FileFormat.CSV));
    assertThat(reading.unreadable()).startsWith("SYNTAX 3: ");
    assertThat(file.given()).isLessThan(4L << 20);
  }

  @Test
  void recordOfAMebibyte_isRead() {
    String cell = "x".repeat((1 << 20) - 3);
    assertThat(csv("asid\n1," + cell).count()).isEqualTo(1);
    assertThat(csv("asid\n1," + cell + "xx").unreadable()).startsWith("SYNTAX 2: ");
  }

  @Test
  void nulInACell_isNoId() {
    assertThat(csv("asid\n1\u00002").rows()).containsExactly("2: NOT_AN_ID [1\u00002]");
  }

  private static Reading csv(String file, String... columns) {
    return Reading.of(FileFormat.CSV, file, columns);
  }

  private static Reading read(String file, RowReader.Options options) {
    return Reading.of(new ByteArrayInputStream(Reading.bytes(file)), options);
  }

  @Test
  void cells_canBeKept() throws Exception {
    List<Row> rows = new ArrayList<>();
    RowReader.read(
        new ByteArrayInputStream(Reading.bytes("11,a\n12,b")),
        Reading.options(FileFormat.CSV),
        rows::add);
    assertThat(rows).extracting(Row::cells).containsExactly(List.of("11", "a"), List.of("12", "b"));
  }
}
