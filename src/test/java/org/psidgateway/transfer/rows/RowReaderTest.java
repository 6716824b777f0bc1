package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowReaderTest {

  @ParameterizedTest
  @EnumSource
  void mostBytes_mayBeReached_notPassed(FileFormat format) {
    byte[] file = Reading.bytes(file(format, 3));
    assertThat(Reading.of(stream(file), bounded(format, 3, file.length)).count()).isEqualTo(3);
    assertThat(Reading.of(stream(file), bounded(format, 3, file.length - 1)).unreadable())
        .isEqualTo("TOO_LARGE 0: the file has more than " + (file.length - 1) + " bytes, unpacked");
  }

  @ParameterizedTest
  @EnumSource
  void mostRows_areDelivered_noneMore(FileFormat format) {
    byte[] file = Reading.bytes(file(format, 4));
    assertThat(Reading.of(stream(file), bounded(format, 4, 9999)).count()).isEqualTo(4);
    Reading reading = Reading.of(stream(file), bounded(format, 3, 9999));
    assertThat(reading.rows()).hasSize(3);
    assertThat(reading.unreadable()).isEqualTo("TOO_MANY_ROWS 4: the file has more than 3 rows");
  }

  @Test
  void headersAndClosingRows_dontCount() {
    byte[] export = Reading.bytes("asid\n11\n12\n");
    assertThat(Reading.of(stream(export), bounded(FileFormat.CSV, 2, 9999)).count()).isEqualTo(2);
  }

  static Stream<Arguments> formats() {
    return Stream.of(FileFormat.values())
        .flatMap(format -> Stream.of(Arguments.of(format, false), Arguments.of(format, true)));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void brokenConnection_isPassedOn_andNeverTheEnd(FileFormat format, boolean gzip) {
    byte[] whole = Reading.bytes(file(format, 2000));
    byte[] file = gzip ? Reading.gzip(whole) : whole;
    RowReader.Options options = Reading.options(format);
    for (int length = 0; length <= file.length; length += 97) {
      IOException failure = new IOException("reset");
      InputStream in =
          new SequenceInputStream(new ByteArrayInputStream(file, 0, length), new Failing(failure));
      Reading reading = Reading.of(in, gzip ? Reading.gzipped(options) : options);
      assertThat(reading.failure()).isSameAs(failure);
    }
  }

  @Test
  void rowsBeforeABrokenConnection_areDelivered() {
    byte[] file = Reading.bytes("11\n12\n13");
    InputStream in = new SequenceInputStream(stream(file), new Failing(new IOException("reset")));
    assertThat(Reading.of(in, Reading.options(FileFormat.TEXT)).rows())
        .containsExactly("1: 11 [11]", "2: 12 [12]");
  }

  @ParameterizedTest
  @EnumSource
  void failuresOfTheSink_arePassedOn(FileFormat format) {
    byte[] file = Reading.bytes(file(format, 3));
    for (Exception failure :
        new Exception[] {
          new IOException("disk full"),
          new JsonParseException(null, "of the sink"),
          new IllegalStateException("of the sink")
        }) {
      assertThatThrownBy(
              () ->
                  RowReader.read(
                      stream(file),
                      Reading.options(format),
                      row -> {
                        if (failure instanceof IOException checked) {
                          throw checked;
                        }
                        throw (RuntimeException) failure;
                      }))
          .isSameAs(failure);
    }
  }

  @ParameterizedTest
  @EnumSource
  void uncheckedFailuresOfTheStream_arePassedOn(FileFormat format) {
    IllegalStateException failure = new IllegalStateException("of the server");
    InputStream failing =
        new InputStream() {
          @Override
          public int read() {
            throw failure;
          }
        };
    // In the midst of the rows, where a parser might wrap it.
    byte[] start = Arrays.copyOf(Reading.bytes(file(format, 9000)), 5 * 16 * 1024);
    InputStream in = new SequenceInputStream(stream(start), failing);
    assertThatThrownBy(() -> Reading.of(in, Reading.options(format))).isSameAs(failure);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void stream_isLeftOpen(FileFormat format, boolean gzip) {
    byte[] file = Reading.bytes(file(format, 3));
    InputStream in =
        new ByteArrayInputStream(gzip ? Reading.gzip(file) : file) {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    RowReader.Options options = Reading.options(format);
    assertThat(Reading.of(in, gzip ? Reading.gzipped(options) : options).count()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void rows_areNotKept(FileFormat format) {
    List<WeakReference<Row>> rows = new ArrayList<>();
    byte[] file = Reading.bytes(file(format, 100_000));
    RowSink sink =
        row -> {
          if (row.line() % 1000 == 0 && row.line() < 99_000) {
            rows.add(new WeakReference<>(row));
          } else if (row.line() == 100_000) {
            System.gc();
            assertThat(rows).hasSize(98).allMatch(kept -> kept.get() == null);
          }
        };
    assertThatCode(() -> RowReader.read(stream(file), Reading.options(format), sink))
        .doesNotThrowAnyException();
  }

  @Test
  void options_haveAColumn() {
    assertThatThrownBy(() -> new RowReader.Options(FileFormat.CSV, false, List.of(), null, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Rows whose last ends with the file: nothing tells that it is whole. */
  private static String file(FileFormat format, int rows) {
    StringBuilder file = new StringBuilder(format == FileFormat.JSON ? "[" : "");
    for (int i = 1; i <= rows; i++) {
      String id = Long.toString(1_000_000_007L * i);
      switch (format) {
        case CSV -> file.append(id).append(",x").append(i == rows ? "" : "\n");
        case TEXT -> file.append(id).append(i == rows ? "" : "\n");
        case NDJSON -> file.append('"').append(id).append(i == rows ? "\"" : "\"\n");
        case JSON -> file.append('"').append(id).append(i == rows ? "\"]" : "\",");
      }
    }
    return file.toString();
  }

  private static RowReader.Options bounded(FileFormat format, long mostRows, long mostBytes) {
    return new RowReader.Options(format, false, Reading.ASID, null, mostRows, mostBytes);
  }

  private static InputStream stream(byte[] file) {
    return new ByteArrayInputStream(file);
  }

  private static final class Failing extends InputStream {
    private final IOException failure;

    Failing(IOException failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }
  }
}
