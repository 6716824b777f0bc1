package org.psidgateway.it;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.psidgateway.testing.Gateway.Answer;

/** What callers experienced, by what they asked and by what was going on. */
final class Tally {

  /** The JVMs get warm; before the update; a new pod starts beside the old ones; one drains. */
  enum Phase {
    WARMING,
    BEFORE,
    STARTING,
    DRAINING
  }

  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private volatile Phase phase = Phase.WARMING;

  void enter(Phase next) {
    phase = next;
  }

  synchronized Line line(String name) {
    Line line = new Line(name);
    lines.add(line);
    return line;
  }

  /** Failures by kind, with the phase in which they began. */
  synchronized Map<String, Integer> failures() {
    return Map.copyOf(failures);
  }

  /** Of one kind of caller. */
  final class Line {
    private final String name;
    private final Map<Phase, List<Long>> nanos = new EnumMap<>(Phase.class);
    private int pending;
    private int failed;

    private Line(String name) {
      this.name = name;
      for (Phase each : Phase.values()) {
        nanos.put(each, new ArrayList<>());
      }
    }

    Request begin() {
      return new Request(this, phase, System.nanoTime());
    }

    private long requests() {
      return nanos.values().stream().mapToLong(List::size).sum();
    }

    private String p99(Phase of) {
      long[] sorted = nanos.get(of).stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted.length == 0
          ? "-"
          : Long.toString(TimeUnit.NANOSECONDS.toMillis(sorted[(int) (sorted.length * 0.99)]));
    }

    private String text() {
      return "%-26s %9d %7d %8d %10s %10s %10s"
          .formatted(
              name,
              requests(),
              failed,
              pending,
              p99(Phase.BEFORE),
              p99(Phase.STARTING),
              p99(Phase.DRAINING));
    }
  }

  /** One request under way. */
  final class Request {
    private final Line line;
    private final Phase begunIn;
    private final long start;

    private Request(Line line, Phase begunIn, long start) {
      this.line = line;
      this.begunIn = begunIn;
      this.start = start;
    }

    void answered(Answer answer, Function<Answer, String> wrong) {
      if (answer.status() != 200) {
        end(0, answer.status() + " " + answer.body().path("type").asText());
      } else {
        long pending =
            answer.unresolved().values().stream().filter(f -> f.startsWith("pending/")).count();
        end(pending, wrong.apply(answer));
      }
    }

    void failed(Throwable cause) {
      end(0, cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }

    private void end(long pending, String failure) {
      synchronized (Tally.this) {
        line.nanos.get(begunIn).add(System.nanoTime() - start);
        line.pending += pending > 0 ? 1 : 0;
        if (!failure.isEmpty()) {
          line.failed++;
          failures.merge(line.name + ", " + begunIn + ": " + failure, 1, Integer::sum);
        }
      }
    }
  }

  @Override
  public synchronized String toString() {
    String head =
        "%-26s %9s %7s %8s %10s %10s %10s%n"
            .formatted(
                "", "requests", "failed", "pending", "p99 before", "starting", "draining, ms");
    String failed =
        failures.entrySet().stream()
            .map(e -> e.getValue() + " x " + e.getKey() + "\n")
            .collect(Collectors.joining());
    return head + lines.stream().map(l -> l.text() + "\n").collect(Collectors.joining()) + failed;
  }
}
