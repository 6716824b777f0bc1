package org.psidgateway.transfer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** What goes in and out by files. */
@Startup // there from the start
@Singleton
class TransferMeters {
  private final Counter imported;
  private final Counter unchanged;
  private final Counter malformed;
  private final Counter conflicts;
  private final Counter exported;
  private final Counter cutIn;
  private final Counter cutOut;
  private final Timer reading;
  private final Timer merging;

  TransferMeters(MeterRegistry registry) {
    imported = lines(registry, "imported");
    unchanged = lines(registry, "unchanged");
    malformed = lines(registry, "malformed");
    conflicts = lines(registry, "conflict");
    exported =
        Counter.builder("gateway.export.rows")
            .description("Rows that left in files")
            .baseUnit("rows")
            .register(registry);
    cutIn = cut(registry, "in");
    cutOut = cut(registry, "out");
    reading = step(registry, "read");
    merging = step(registry, "merge");
  }

  void imported(ImportReport report, long readNanos, long mergeNanos) {
    imported.increment((double) report.imported());
    unchanged.increment((double) report.unchanged());
    malformed.increment((double) report.malformed());
    conflicts.increment((double) report.conflicts());
    reading.record(readNanos, TimeUnit.NANOSECONDS);
    merging.record(mergeNanos, TimeUnit.NANOSECONDS);
  }

  void exported(int rows) {
    exported.increment(rows);
  }

  /** A file that was not imported to its end. */
  void cutIn() {
    cutIn.increment();
  }

  /** A file that its receiver did not get to its end. */
  void cutOut() {
    cutOut.increment();
  }

  private static Counter cut(MeterRegistry registry, String direction) {
    return Counter.builder("gateway.transfer.cut")
        .description("Files that did not come to their end: unreadable, broken off, or failed")
        .baseUnit("files")
        .tag("direction", direction)
        .register(registry);
  }

  private static Counter lines(MeterRegistry registry, String outcome) {
    return Counter.builder("gateway.import.rows")
        .description("Lines of imported files, by what became of them")
        .baseUnit("rows")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Timer step(MeterRegistry registry, String step) {
    return Timer.builder("gateway.import.duration")
        .description("How long a file took to be read into PostgreSQL, and to be merged there")
        .tag("step", step)
        .register(registry);
  }
}
