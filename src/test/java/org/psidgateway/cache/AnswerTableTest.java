package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Beside;

@Beside
class AnswerTableTest {

  private static long psid(int page, long asid) {
    return (AnswerTable.hash(page, asid) ^ asid) >>> 1 | 1;
  }

  private static void put(AnswerTable table, int page, long asid) {
    table.put(page, asid, psid(page, asid), asid & 0xFFFF);
  }

  @Test
  void get_value_ofEveryKey_whileThereIsRoom() {
    AnswerTable table = new AnswerTable(200_000);
    for (long asid = 1; asid <= 50_000; asid++) {
      put(table, 1, asid);
      put(table, 2, asid << 30);
    }
    for (long asid = 1; asid <= 50_000; asid++) {
      assertThat(table.get(1, asid)).isEqualTo(psid(1, asid));
      assertThat(table.get(2, asid << 30)).isEqualTo(psid(2, asid << 30));
      assertThat(table.checkedAt(1, asid)).isEqualTo(asid & 0xFFFF);
    }
    assertThat(table.get(2, 1)).isEqualTo(AnswerTable.NOTHING);
    assertThat(table.get(3, 1)).isEqualTo(AnswerTable.NOTHING);
    assertThat(table.size()).isEqualTo(100_000);
  }

  @Test
  void clear_removesEverything_andTheTableFillsAgain() {
    AnswerTable table = new AnswerTable(200_000);
    for (int round = 0; round < 2; round++) {
      for (long asid = 1; asid <= 50_000; asid++) {
        put(table, 1, asid);
      }
      assertThat(table.size()).isEqualTo(50_000);
      assertThat(table.get(1, 50_000)).isEqualTo(psid(1, 50_000));
      table.clear();
      assertThat(table.size()).isZero();
      assertThat(table.get(1, 50_000)).isEqualTo(AnswerTable.NOTHING);
    }
  }

  @Test
  void put_staysWithinBound_andKeepsNearlyAsMuch() {
    for (int bound : new int[] {1, 2, 3, 16, 1000, 50_000}) {
      AnswerTable table = new AnswerTable(bound);
      for (long asid = 1; asid <= 4L * bound; asid++) {
        put(table, 1, asid);
        assertThat(table.get(1, asid)).isEqualTo(psid(1, asid));
      }
      assertThat(table.size()).isBetween(bound * 9 / 10, bound);
    }
  }

  @Test
  void put_keepsNothing_whenNothingMayBeHeld() {
    AnswerTable table = new AnswerTable(0);
    put(table, 1, 1);
    assertThat(table.get(1, 1)).isEqualTo(AnswerTable.NOTHING);
    assertThat(table.size()).isZero();
  }

  @Test
  void put_evictsWhatNobodyLooksAt_first() {
    AnswerTable table = new AnswerTable(1000);
    for (long asid = 1; asid <= 100_000; asid++) {
      put(table, 1, asid);
      for (long popular = 1; asid % 100 == 0 && popular <= 100; popular++) {
        assertThat(table.get(1, popular)).isEqualTo(psid(1, popular));
      }
    }
    assertThat(table.size()).isEqualTo(1000);
  }

  @Test
  void put_negativeOverMapping_isIgnored() {
    AnswerTable table = new AnswerTable(10);
    table.put(1, 7, -5, 1);
    table.put(1, 7, -6, 2);
    assertThat(table.get(1, 7)).isEqualTo(-6);
    table.put(1, 7, 70, 3);
    table.put(1, 7, -7, 4);
    assertThat(table.get(1, 7)).isEqualTo(70);
    assertThat(table.checkedAt(1, 7)).isEqualTo(3);
  }

  /** Few keys in few slots: chains are long, wrap around and are closed again all the time. */
  @Property
  void behavesAsAMap_whateverIsPutAndRemoved(
      @ForAll @Size(max = 200) List<@LongRange(min = 1, max = 40) Long> asids,
      @ForAll @IntRange(min = 1, max = 3) int pages) {
    AnswerTable table = new AnswerTable(3 * 40);
    Map<List<Long>, Long> model = new HashMap<>();
    for (int i = 0; i < asids.size(); i++) {
      int page = i % pages;
      long asid = asids.get(i);
      List<Long> key = List.of((long) page, asid);
      if (model.remove(key) != null) {
        table.remove(page, asid);
      } else {
        model.put(key, i + 1L);
        table.put(page, asid, i + 1L, i);
      }
    }
    assertThat(table.size()).isEqualTo(model.size());
    for (int page = 0; page < pages; page++) {
      for (long asid = 1; asid <= 40; asid++) {
        assertThat(table.get(page, asid))
            .isEqualTo(
                Objects.requireNonNullElse(
                    model.get(List.of((long) page, asid)), AnswerTable.NOTHING));
      }
    }
  }

  /**
   * Growth, eviction and removal under the readers' eyes: one segment, so that all of it collides.
   */
  @Test
  void get_neverAnotherKeysValue_whileWritersAreAtWork() throws Exception {
    for (int bound : new int[] {100, 1500}) {
      AnswerTable table = new AnswerTable(bound);
      AtomicBoolean stop = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<Long>> readers = new ArrayList<>();
      List<Future<?>> writers = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        SplittableRandom random = new SplittableRandom(t);
        writers.add(threads.submit(() -> write(table, stop, random)));
        readers.add(threads.submit(() -> read(table, stop, random.split())));
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(1500, TimeUnit.MILLISECONDS)).isFalse();
      stop.set(true);
      for (Future<?> writer : writers) {
        writer.get(10, TimeUnit.SECONDS);
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get(10, TimeUnit.SECONDS)).as("hits").isPositive();
      }
      assertThat(table.size()).isLessThanOrEqualTo(bound);
    }
  }

  private static void write(AnswerTable table, AtomicBoolean stop, SplittableRandom random) {
    while (!stop.get()) {
      int page = random.nextInt(2);
      long asid = random.nextLong(1, 2000);
      if (random.nextInt(4) == 0) {
        table.remove(page, asid);
      } else {
        put(table, page, asid);
      }
    }
  }

  private static long read(AnswerTable table, AtomicBoolean stop, SplittableRandom random) {
    long hits = 0;
    while (!stop.get()) {
      int page = random.nextInt(2);
      long asid = random.nextLong(1, 2000);
      long value = table.get(page, asid);
      if (value != AnswerTable.NOTHING) {
        assertThat(value).isEqualTo(psid(page, asid));
        hits++;
      }
      long checkedAt = table.checkedAt(page, asid);
      assertThat(checkedAt == AnswerTable.NOTHING || checkedAt == (asid & 0xFFFF)).isTrue();
    }
    return hits;
  }
}
