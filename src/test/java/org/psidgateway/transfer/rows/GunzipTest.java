package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GunzipTest {
  private static final RowReader.Options TEXT = Reading.gzipped(Reading.options(FileFormat.TEXT));

  @Test
  void members_areReadOneAfterTheOther() {
    byte[] file =
        Reading.concat(
            gzip("11\n1"), gzip(""), withHeaderFields(gzip("2\n")), gzip("13\n"), gzip(""));
    assertThat(read(file).rows()).containsExactly("1: 11 [11]", "2: 12 [12]", "3: 13 [13]");
  }

  /** Extra field, name, comment and checksum of the header. */
  private static byte[] withHeaderFields(byte[] member) {
    byte[] header = Arrays.copyOf(member, 10);
    header[3] = 2 | 4 | 8 | 16;
    return Reading.concat(
        header,
        new byte[] {3, 0, 'a', 'b', 'c'},
        Reading.bytes("name\0comment\0"),
        new byte[] {1, 2},
        Arrays.copyOfRange(member, 10, member.length));
  }

  @Test
  void eachByteIsNeeded_andNoneMoreTaken() {
    byte[] file = gzip("11\n12\n");
    for (int length = 0; length < file.length; length++) {
      assertThat(read(Arrays.copyOf(file, length)).unreadable())
          .isEqualTo("SYNTAX 0: gzip: the file breaks off");
    }
    assertThat(read(Reading.concat(file, new byte[] {0x1f})).unreadable())
        .isEqualTo("SYNTAX 0: gzip: the file breaks off");
    assertThat(read(Reading.concat(file, Reading.bytes("13\n"))).unreadable())
        .isEqualTo("SYNTAX 0: gzip: the file is not gzip, or something else follows it");
  }

  @Test
  void plainFile_isNoGzip() {
    assertThat(read(Reading.bytes("11\n")).unreadable())
        .isEqualTo("SYNTAX 0: gzip: the file is not gzip, or something else follows it");
  }

  /** But for those that mean nothing: the time, say, and what is left of the last byte. */
  @Test
  void eachFlippedBit_isFound_orChangesNothing() {
    byte[] file = gzip("11\n12\n13\n14\n");
    int found = 0;
    for (int i = 0; i < 8 * file.length; i++) {
      byte[] changed = file.clone();
      changed[i / 8] ^= (byte) (1 << i % 8);
      Reading reading = read(changed);
      if (reading.failure() == null) {
        assertThat(reading.outcome()).isEqualTo(read(file).outcome());
      } else {
        assertThat(reading.unreadable()).startsWith("SYNTAX 0: gzip: ");
        found++;
      }
    }
    assertThat(found).isGreaterThan(8 * (file.length - 9));
  }

  @Test
  void headerWithoutEnd_isRefused() {
    byte[] header = {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0};
    Endless endless =
        new Endless(new String(header, java.nio.charset.StandardCharsets.ISO_8859_1), "x");
    assertThat(Reading.of(endless, TEXT).unreadable()).startsWith("SYNTAX 0: gzip: ");
    byte[] named = Reading.concat(header, new byte[70_000]);
    Arrays.fill(named, 10, named.length, (byte) 'x');
    assertThat(read(named).unreadable()).isEqualTo("SYNTAX 0: gzip: the file is corrupt");
  }

  @Test
  void bomb_isRefused_soon() {
    byte[] bomb = gzip("1234567\n".repeat(8 << 20));
    assertThat(bomb.length).isLessThan(64 << 20 >> 7);
    Reading reading = read(bomb);
    assertThat(reading.unreadable())
        .isEqualTo("BOMB 0: gzip: the file unpacks to more than 200 times its size");
    assertThat(reading.rows()).hasSizeLessThan(140_000);
  }

  @Test
  void firstMebibyte_isNoBomb() {
    assertThat(read(gzip("1234567\n".repeat((1 << 20) / 8))).count()).isEqualTo((1 << 20) / 8);
  }

  @Test
  void membersWithoutContent_areNotReadForEver() {
    byte[] file = new byte[20 * 400_000];
    byte[] member = gzip("");
    for (int i = 0; i < file.length / 20; i++) {
      System.arraycopy(member, 0, file, 20 * i, 20);
    }
    assertThat(member).hasSize(20);
    assertThat(read(file).unreadable())
        .isEqualTo("SYNTAX 0: gzip: there is next to nothing in so many bytes");
  }

  @Test
  void mostBytes_areThoseUnpacked() {
    RowReader.Options options =
        new RowReader.Options(FileFormat.TEXT, true, Reading.ASID, null, 1_000_000, 600);
    assertThat(Reading.of(new ByteArrayInputStream(gzip("11\n".repeat(200))), options).count())
        .isEqualTo(200);
    assertThat(Reading.of(new ByteArrayInputStream(gzip("11\n".repeat(201))), options).unreadable())
        .startsWith("TOO_LARGE 0: ");
  }

  private static byte[] gzip(String text) {
    return Reading.gzip(Reading.bytes(text));
  }

  private static Reading read(byte[] file) {
    return Reading.of(new ByteArrayInputStream(file), TEXT);
  }
}
