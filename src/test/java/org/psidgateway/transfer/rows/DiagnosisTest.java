package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1.01547E+16|SCIENTIFIC",
        "1,01547E+16|SCIENTIFIC",
        "1E16|SCIENTIFIC",
        "-1.5e-3|SCIENTIFIC",
        "'1.01547E+16|SCIENTIFIC",
        "` 1.01547E+16`|SCIENTIFIC",
        "10154673853349851.0|DECIMALS",
        "10154673853349851,00|DECIMALS",
        "10154673853349851.|DECIMALS",
        "12.5|DECIMALS",
        "1,234,567|GROUPED",
        "1.234.567|GROUPED",
        "1'234'567|GROUPED",
        "1’234’567|GROUPED",
        "12,34,567|GROUPED",
        "1,234,567.00|GROUPED",
        "1.234|GROUPED",
        "` 123`|BLANKS",
        "`123 `|BLANKS",
        "`1 234 567`|BLANKS",
        "1\u00a0234|BLANKS",
        "1\u2009234|BLANKS",
        "1\u202f234|BLANKS",
        "1\u200b23|BLANKS",
        "123\ufeff|BLANKS",
        "\u200e123|BLANKS",
        "'123|APOSTROPHE",
        "’123|APOSTROPHE",
        "` '123`|APOSTROPHE",
        "=`\"123\"`|NOT_AN_ID",
        "=\"123\"|FORMULA",
        "=123|FORMULA",
        "+123|SIGN",
        "-123|SIGN",
        "−123|SIGN",
        "0123|LEADING_ZERO",
        "00|LEADING_ZERO",
        "` 0123`|LEADING_ZERO",
        "9223372036854775808|TOO_LARGE",
        "10154673853349851101546738533498512|TOO_LARGE",
        "``|MISSING",
        "`   `|MISSING",
        "\u200b|MISSING",
        "0|NOT_AN_ID",
        "77x|NOT_AN_ID",
        "'|NOT_AN_ID",
        "'123'|NOT_AN_ID",
        "`hello world`|NOT_AN_ID",
        "12\u000034|NOT_AN_ID",
        "\u0661\u0662\u0663|NOT_AN_ID",
        "0x1f|NOT_AN_ID",
        "NULL|NOT_AN_ID",
      })
  void flaw_saysWhatHappenedToTheId(String text, Flaw flaw) {
    assertThat(Diagnosis.of(text)).isEqualTo(flaw);
  }

  @Test
  void longTexts_areJudgedWithoutPatterns() {
    assertThat(Diagnosis.of("1".repeat(1 << 20))).isEqualTo(Flaw.TOO_LARGE);
    assertThat(Diagnosis.of("0".repeat(1 << 20))).isEqualTo(Flaw.LEADING_ZERO);
    assertThat(Diagnosis.of(" ".repeat(1 << 20))).isEqualTo(Flaw.MISSING);
    assertThat(Diagnosis.of("1,234".repeat(1 << 18))).isEqualTo(Flaw.NOT_AN_ID);
  }

  @ParameterizedTest
  @EnumSource
  void detail_isASentenceOfItsOwn(Flaw flaw) {
    assertThat(flaw.detail()).hasSizeBetween(10, 110).doesNotEndWith(".");
  }

  @Property
  void value_isAnIdOrHasAFlaw(@ForAll String text) {
    long value = Value.of(text);
    assertThat(value).isEqualTo(Value.of(text.toCharArray(), 0, text.length()));
    assertThat(Value.id(value) != 0).isEqualTo(Value.flaw(value) == null);
  }
}
