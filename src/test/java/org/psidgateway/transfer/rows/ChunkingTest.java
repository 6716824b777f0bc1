package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However a network cuts a file: what is read of it depends on its bytes alone. */
class ChunkingTest {

  @Property(tries = 1000)
  void anyPieces_giveTheSame(@ForAll long seed, @ForAll long cut) {
    AnyFile file = AnyFile.of(new Random(seed));
    assertSame(file, file.bytes(), cut);
  }

  @Property(tries = 1000)
  void anyPieces_giveTheSameFailure(@ForAll long seed, @ForAll long cut) {
    Random random = new Random(seed);
    AnyFile file = AnyFile.of(random);
    assertSame(file, Mutations.of(file.bytes(), random), cut);
  }

  /** Bombs and long lines, whose limits are far into the file. */
  @Property(tries = 20)
  void anyPieces_giveTheSame_atTheLimits(@ForAll long seed, @ForAll long cut) {
    Random random = new Random(seed);
    byte[] line = new byte[1 + random.nextInt(3000)];
    Arrays.fill(line, (byte) '1');
    line[line.length - 1] = '\n';
    byte[] lines = new byte[line.length * (3_000_000 / line.length)];
    for (int i = 0; i < lines.length; i += line.length) {
      System.arraycopy(line, 0, lines, i, line.length);
    }
    RowReader.Options options = Reading.options(FileFormat.TEXT);
    byte[] gzip = Reading.gzip(lines);
    Reading reading = Reading.of(new Pieces(gzip, cut), Reading.gzipped(options));
    assertThat(reading.outcome().toString())
        .isEqualTo(
            Reading.of(new ByteArrayInputStream(gzip), Reading.gzipped(options))
                .outcome()
                .toString());
  }

  private static void assertSame(AnyFile file, byte[] bytes, long cut) {
    RowReader.Options options = file.options();
    Reading whole = Reading.of(new ByteArrayInputStream(bytes), options);
    assertThat(Reading.of(new Pieces(bytes, cut), options).outcome()).isEqualTo(whole.outcome());
    assertThat(Reading.of(new Pieces(bytes, cut + 1), options).outcome())
        .isEqualTo(whole.outcome());
    int length = bytes.length == 0 ? 0 : new Random(cut).nextInt(bytes.length);
    byte[] start = Arrays.copyOf(bytes, length);
    assertThat(Reading.of(broken(new Pieces(start, cut)), options).outcome())
        .isEqualTo(Reading.of(broken(new ByteArrayInputStream(start)), options).outcome());
  }

  private static InputStream broken(InputStream start) {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }
        };
    return new SequenceInputStream(start, failing);
  }
}
