package org.psidgateway.cache;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the MAC of an entry in Redis costs: processor time per list of 200, bytes per entry. */
class RedisMacBench {
  private static final int LIST = 200;
  private static final int LISTS = 5_000;
  private static final int ROUNDS = 7;
  private static final int ENTRIES = 1 << 18;
  private static final long NOW = 1_790_000_000;

  private static final String FILL =
      """
      for i = 1, tonumber(ARGV[1]) do
        redis.call('SET', string.rep('k', ARGV[2] - 8) .. struct.pack('>I8', i),
                   string.rep('v', ARGV[3]), 'EX', 86400)
      end
      """;

  private final StringBuilder figures = new StringBuilder();

  @Test
  void processorTime_andBytes() throws IOException {
    RedisFormat former = Settings.format(4711, 1);
    RedisFormat format = Settings.format(4711, 2, 1);
    note("signing 200 values, us", micros(() -> values(format)));
    byte[][] present = values(format);
    note("verifying 200 values, us", micros(() -> verify(format, present)));
    byte[][] old = values(former);
    note("verifying 200 values under the former key, us", micros(() -> verify(format, old)));
    try (OwnRedis redis = new OwnRedis()) {
      note("version 1, bytes per entry", bytes(redis, 17, 16));
      note("version 2, bytes per entry", bytes(redis, 25, 24));
    }
    Files.writeString(Path.of("target", "redis-mac-bench.txt"), figures);
  }

  private static byte[][] values(RedisFormat format) {
    RedisMac mac = format.mac();
    return IntStream.range(0, LIST)
        .mapToObj(i -> mac.value(100, i + 1, i + 7, NOW, NOW))
        .toArray(byte[][]::new);
  }

  private static void verify(RedisFormat format, byte[][] values) {
    RedisMac mac = format.mac();
    for (int i = 0; i < LIST; i++) {
      if (!mac.isGenuine(Buffer.buffer(values[i]), 100, i + 1)) {
        throw new AssertionError(i);
      }
    }
  }

  /** Of this thread's processor time; the best round, since neighbours only ever add. */
  private static double micros(Runnable list) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < LISTS; i++) {
        list.run();
      }
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      best = Math.min(best, nanos / 1000.0 / LISTS);
    }
    return best;
  }

  private static double bytes(OwnRedis redis, int key, int value) {
    redis.ask(Command.FLUSHALL);
    double before = used(redis);
    redis.ask(Command.EVAL, FILL, "0", ENTRIES, key, value);
    return (used(redis) - before) / ENTRIES;
  }

  private static double used(OwnRedis redis) {
    return redis
        .ask(Command.INFO, "memory")
        .toString()
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToDouble(line -> Double.parseDouble(line.substring("used_memory:".length())))
        .sum();
  }

  private void note(String what, double figure) {
    String line = String.format(Locale.ROOT, "%-50s %8.1f%n", what, figure);
    figures.append(line);
    org.jboss.logging.Logger.getLogger(RedisMacBench.class).info(line.strip());
  }
}
