package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How long the package takes to be ready, and what it has in memory after its first ten thousand
 * requests: with and without what a rehearsal recorded, by each JDK, turn by turn in one run. See
 * docs/benchmarks.md for how it is started.
 */
class StartBench {
  private static final int ROUNDS = Integer.getInteger("start.rounds", 5);
  private static final int REQUESTS = 10_000;

  /** The flags of the image; MaxRAM stands for the memory limit of a container. */
  private static final List<String> FLAGS =
      List.of(
          System.getProperty(
                  "start.flags",
                  "-XX:MaxRAM=512m -XX:MaxRAMPercentage=50 -XX:+UseSerialGC"
                      + " -XX:TrimNativeHeapInterval=5000")
              .split(" ", -1));

  private static final List<String> PACKAGES =
      List.of(System.getProperty("start.packages", "target/quarkus-app").split(",", -1));

  private static final List<String> JDKS =
      List.of(System.getProperty("start.jdks", System.getProperty("java.home")).split(",", -1));

  /** A way to start, and its measurements. */
  private record Way(
      String name, Path directory, List<String> command, List<Long> millis, List<Long> mib) {}

  @Test
  void timeToReady_andMemory() throws IOException {
    List<Way> ways = new ArrayList<>();
    for (String jdk : JDKS) {
      for (String directory : PACKAGES) {
        ways.add(way(jdk, directory, "as it is", ""));
        ways.add(rehearsed(jdk, directory));
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : ways) {
        try (Rehearsal gateway = Rehearsal.start(way.directory(), way.command())) {
          way.millis().add(gateway.untilReady().toMillis());
          gateway.work(REQUESTS);
          way.mib().add(gateway.residentKib() / 1024);
        }
      }
    }
    print(ways);
  }

  private static Way rehearsed(String jdk, String directory) throws IOException {
    boolean aot = version(jdk) >= 25;
    Path recorded = Files.createTempDirectory("start").resolve("app." + (aot ? "aot" : "jsa"));
    Rehearsal.rehearse(
        Path.of(directory), way(jdk, directory, "", recording(aot, recorded)).command());
    assertThat(recorded).isNotEmptyFile();
    return way(
        jdk,
        directory,
        (aot ? "AOT cache of " : "CDS archive of ") + Files.size(recorded) / (1 << 20) + " MiB",
        (aot ? "-XX:AOTCache=" : "-Xshare:auto -XX:SharedArchiveFile=") + recorded);
  }

  private static String recording(boolean aot, Path recorded) {
    return (aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + recorded;
  }

  private static Way way(String jdk, String directory, String how, String flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(jdk, "bin", "java").toString());
    command.addAll(FLAGS);
    Stream.of(flags.split(" ", -1)).filter(flag -> !flag.isEmpty()).forEach(command::add);
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.add("-jar");
    command.add("quarkus-run.jar");
    return new Way(
        String.format(
            Locale.ROOT, "JDK %d, %s, %s", version(jdk), Path.of(directory).getFileName(), how),
        Path.of(directory),
        command,
        new ArrayList<>(),
        new ArrayList<>());
  }

  private static int version(String jdk) throws IOException {
    return Files.readAllLines(Path.of(jdk, "release")).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("^[^0-9]*(\\d+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  private static void print(List<Way> ways) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(Locale.ROOT, "%-48s %22s %22s%n", "", "ms to ready", "MiB resident"));
    table.append(
        String.format(Locale.ROOT, "%-48s %22s %22s%n", "", "min median max", "min median max"));
    for (Way way : ways) {
      table.append(
          String.format(
              Locale.ROOT, "%-48s %22s %22s%n", way.name(), of(way.millis()), of(way.mib())));
    }
    Files.writeString(Path.of("target", "start-bench.txt"), table);
    System.getLogger("bench").log(System.Logger.Level.INFO, () -> "\n" + table);
  }

  private static String of(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%6d %6d %6d",
        sorted.get(0),
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() - 1));
  }
}
