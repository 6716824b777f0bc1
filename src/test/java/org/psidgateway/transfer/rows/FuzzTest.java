package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are: rows, or a failure that says so, for little memory. */
class FuzzTest {
  private static final int FILES = 6_000;

  /** All that a reading allocates, garbage included; a file has 200 kB. */
  private static final long MOST_ALLOCATED = 64L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void anyBytes_areReadOrRefused() {
    Set<UnreadableFile.Kind> seen = EnumSet.noneOf(UnreadableFile.Kind.class);
    long rows = 0;
    for (int seed = 0; seed < FILES; seed++) {
      Random random = new Random(seed);
      AnyFile file = AnyFile.of(random);
      byte[] bytes = Mutations.of(file.bytes(), random);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Reading reading = read(file, bytes, seed);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("seed %d", seed)
          .isLessThan(MOST_ALLOCATED);
      rows += reading.rows().size();
      if (reading.failure() instanceof UnreadableFile unreadable) {
        seen.add(unreadable.kind());
      } else {
        assertThat(reading.failure()).as("seed %d", seed).isNull();
        assertThat(reading.count()).isEqualTo(reading.rows().size());
      }
    }
    assertThat(seen)
        .contains(
            UnreadableFile.Kind.ENCODING,
            UnreadableFile.Kind.SYNTAX,
            UnreadableFile.Kind.COLUMNS,
            UnreadableFile.Kind.CLOSING_ROW);
    assertThat(rows).isGreaterThan(FILES);
  }

  private static Reading read(AnyFile file, byte[] bytes, int seed) {
    try {
      return Reading.of(new ByteArrayInputStream(bytes), file.options());
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
