package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRowsTest {

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void eachLine_isARow_butForEmptyOnes(String end) {
    Reading reading = text("11" + end + end + end + "12" + end + "x" + end);
    assertThat(reading.rows()).containsExactly("1: 11 [11]", "4: 12 [12]", "5: NOT_AN_ID [x]");
    assertThat(reading.count()).isEqualTo(3);
  }

  @Test
  void blanks_areToldNotTrimmed() {
    assertThat(text(" 11\n12\t\n   \n1,2").rows())
        .containsExactly(
            "1: BLANKS [ 11]", "2: BLANKS [12\t]", "3: MISSING [   ]", "4: DECIMALS [1,2]");
  }

  @Test
  void otherColumns_areMissing() {
    assertThat(Reading.of(FileFormat.TEXT, "11", "asid", "psid").rows())
        .containsExactly("1: 11 MISSING [11]");
  }

  @Test
  void nothing_hasNoRows() {
    assertThat(text("").count()).isZero();
    assertThat(text("\ufeff").count()).isZero();
    assertThat(text("\r\n").count()).isZero();
  }

  @Test
  void lineOfAMebibyte_isRead_aLongerOneRefused() {
    String line = "1".repeat(1 << 20);
    assertThat(text("1\n" + line + "\n2").count()).isEqualTo(3);
    assertThat(text("1\n" + line + "1\n2").unreadable())
        .isEqualTo("SYNTAX 2: line 2 is longer than 1 MiB");
    Endless endless = new Endless("1\n", "1");
    assertThat(Reading.of(endless, Reading.options(FileFormat.TEXT)).unreadable())
        .isEqualTo("SYNTAX 2: line 2 is longer than 1 MiB");
    assertThat(endless.given()).isLessThan(4L << 20);
  }

  private static Reading text(String file) {
    return Reading.of(FileFormat.TEXT, file);
  }
}
