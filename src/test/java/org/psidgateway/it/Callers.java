package org.psidgateway.it;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;

/** Everybody who asks during a rolling update, each over a connection of its own. */
final class Callers implements AutoCloseable {
  static final long[] KNOWN = Gateway.ids(1_000, 200);
  private static final long FIRST_NEW = 1_000_000;
  private static final LongSupplier BUSY = () -> 30;

  /** Longer than a pod drains: such a connection may be closed before it has been used once. */
  private static final LongSupplier SELDOM = () -> ThreadLocalRandom.current().nextInt(10_000);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nextNew = new AtomicLong(FIRST_NEW);
  private final List<Caller> all = new ArrayList<>();
  private final Tally tally;

  Callers(int port, Tally tally) {
    this.tally = tally;
    Clients clients = new Clients(vertx, port);
    add("known list", 12, clients::http1, () -> Question.known(someKnown()), BUSY);
    add("known list, JDK", 6, clients::jdk, () -> Question.known(someKnown()), BUSY);
    add("known id", 12, clients::http1, () -> Question.knownId(someKnown()[0]), BUSY);
    add("now and then", 40, clients::http1, () -> Question.known(someKnown()), SELDOM);
    add("now and then, JDK", 20, clients::jdk, () -> Question.known(someKnown()), SELDOM);
    add("new ids, wait=2", 8, clients::http1, () -> Question.newIds(someNew()), BUSY);
    add("new ids, wait=2, JDK", 4, clients::jdk, () -> Question.newIds(someNew()), BUSY);
  }

  private void add(
      String name,
      int count,
      Supplier<Function<Question, CompletionStage<Answer>>> clients,
      Supplier<Question> questions,
      LongSupplier pause) {
    Tally.Line line = tally.line(name);
    for (int i = 0; i < count; i++) {
      all.add(new Caller(vertx, clients.get(), questions, pause, line));
    }
  }

  private static long[] someKnown() {
    int from = ThreadLocalRandom.current().nextInt(KNOWN.length - 40);
    return Arrays.copyOfRange(KNOWN, from, from + 40);
  }

  private long[] someNew() {
    int count = ThreadLocalRandom.current().nextInt(1, 4);
    return Gateway.ids(nextNew.getAndAdd(count), count);
  }

  /** All that anybody asked for. */
  long[] newIds() {
    return Gateway.ids(FIRST_NEW, (int) (nextNew.get() - FIRST_NEW));
  }

  /** Waits for the answers under way. */
  void stop() {
    all.forEach(Caller::stop);
    all.forEach(Caller::awaitEnd);
  }

  @Override
  public void close() {
    all.forEach(Caller::stop);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
