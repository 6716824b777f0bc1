package org.psidgateway.transfer.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncodingTest {
  private static final String NOT_UTF8 =
      " is not UTF-8 (Latin-1 or Windows-1252 by the looks of it); save the file as UTF-8";

  @ParameterizedTest
  @EnumSource
  void utf16_isNamed_withItsMarkAndWithout(FileFormat format) {
    for (Charset charset :
        new Charset[] {
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          Charset.forName("x-UTF-16LE-BOM"),
          Charset.forName("UTF-32"),
          Charset.forName("UTF-32LE")
        }) {
      assertThat(Reading.of(format, "[\"11\"]".getBytes(charset)).unreadable())
          .isEqualTo("ENCODING 1: the file is UTF-16; save it as UTF-8");
    }
  }

  @ParameterizedTest
  @EnumSource
  void latin1_isTold_withItsLine(FileFormat format) {
    byte[] file = "[\"1\",\r\n\r\"2\",\n\"J\u00fcrgen\"\n]".getBytes(StandardCharsets.ISO_8859_1);
    Reading reading = Reading.of(format, file);
    assertThat(reading.unreadable()).isEqualTo("ENCODING 4: line 4" + NOT_UTF8);
  }

  @Test
  void characterThatBreaksOff_isTold() {
    assertThat(Reading.of(FileFormat.TEXT, new byte[] {'1', '\n', (byte) 0xc3}).unreadable())
        .isEqualTo("ENCODING 2: line 2" + NOT_UTF8);
  }

  @ParameterizedTest
  @EnumSource
  void allCharacters_areRead(FileFormat format) {
    StringBuilder all = new StringBuilder();
    for (int c = ' '; c <= Character.MAX_CODE_POINT; c += c < 0x10000 ? 1 : 257) {
      if ((c < 0xd800 || c > 0xdfff) && c != '"' && c != '\\' && c != 0x7f && c != ',') {
        all.appendCodePoint(c);
      }
    }
    String file = "[\"1" + all + "\"]";
    Reading reading = Reading.of(format, "[\n" + file + "\n]");
    if (format == FileFormat.CSV) {
      assertThat(reading.unreadable()).startsWith("COLUMNS ");
    } else {
      assertThat(reading.rows()).anySatisfy(row -> assertThat(row).contains("1" + all));
    }
  }

  @Property(tries = 20_000)
  void whatTheJdkRefuses_isRefused(@ForAll @Size(max = 6) byte[] bytes) {
    byte[] file = Reading.concat(Reading.bytes("1234"), bytes);
    assertThat(isRead(file)).isEqualTo(isUtf8(file));
  }

  /** Every pair of bytes begins something; what follows makes it a character, or does not. */
  @Test
  void allBeginnings_areJudgedAsByTheJdk() {
    for (int first = 0x80; first < 0x100; first++) {
      for (int second = 0; second < 0x100; second++) {
        for (String rest : new String[] {"", "\u0080", "\u0080\u0080", "\u0080\u0080\u0080", "x"}) {
          byte[] file =
              Reading.concat(
                  Reading.bytes("1234"),
                  new byte[] {(byte) first, (byte) second},
                  rest.getBytes(StandardCharsets.ISO_8859_1));
          assertThat(isRead(file)).as("%x %x", first, second).isEqualTo(isUtf8(file));
        }
      }
    }
  }

  private static boolean isRead(byte[] file) {
    try (Utf8Layer in = new Utf8Layer(new ByteArrayInputStream(file))) {
      assertThat(in.readAllBytes()).isEqualTo(file);
      return true;
    } catch (UnreadableFile e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isUtf8(byte[] file) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(file));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
