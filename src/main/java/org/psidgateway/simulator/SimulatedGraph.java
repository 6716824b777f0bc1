package org.psidgateway.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A running Graph API on this machine. Every PSID it gives follows from {@link #psidOf}, so that an
 * answer mixed up between Pages or people can't pass unnoticed. Thread-safe.
 */
public final class SimulatedGraph implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final HttpServer server;
  private final @Nullable Vertx own;
  private final SimulatorScript script;
  private final Witness witness;

  private SimulatedGraph(
      HttpServer server, @Nullable Vertx own, SimulatorScript script, Witness witness) {
    this.server = server;
    this.own = own;
    this.script = script;
    this.witness = witness;
  }

  /** Starts on the loopback interface with a Vert.x of its own, which {@link #close} ends. */
  public static SimulatedGraph start(int port, SimulatorScript script, InstantSource clock) {
    Vertx own =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true));
    try {
      return start(own, true, "127.0.0.1", port, script, clock);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /**
   * Starts and returns once it listens; not to be called on an event loop.
   *
   * @param port 0 takes any free one
   * @param clock for rate windows, proofs and the witness
   * @throws IllegalStateException if it can't listen there
   */
  public static SimulatedGraph start(
      Vertx vertx, String host, int port, SimulatorScript script, InstantSource clock) {
    return start(vertx, false, host, port, script, clock);
  }

  private static SimulatedGraph start(
      Vertx vertx,
      boolean owned,
      String host,
      int port,
      SimulatorScript script,
      InstantSource clock) {
    Witness witness = new Witness();
    RateWindow rate = new RateWindow();
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
            .requestHandler(
                new Door(
                    vertx,
                    new PagesIdMapping(script, witness, rate, clock),
                    new IdMatching(script, witness, rate, clock),
                    new ControlApi(script, witness)));
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the simulator started", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the simulator can't listen on " + host + ":" + port, e);
    }
    return new SimulatedGraph(server, owned ? vertx : null, script, witness);
  }

  public int port() {
    return server.actualPort();
  }

  /** Where the Graph API is, without a slash at the end. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port();
  }

  public SimulatorScript script() {
    return script;
  }

  public Witness witness() {
    return witness;
  }

  /**
   * The truth: the PSID of this person on this Page. Always the same for the same two, 15 to 17
   * digits, mostly beyond what a JSON double holds.
   */
  public static long psidOf(long page, long asid) {
    return PsidTruth.of(page, asid);
  }

  /** Cuts every connection and frees the port; calls left hanging end there. */
  @Override
  public void close() {
    (own == null ? server.close() : own.close())
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  /**
   * Something that goes wrong on command: for every call from now on, for the next {@code times}
   * that it applies to, with a probability, or both; for one Page or for all. In a batch of ID
   * Matching it strikes the whole call, or some of the operations.
   *
   * @param times null: until cleared; a batch counts once
   * @param probability null: always
   * @param page null: any. A batch is of no Page, an operation of the one that it asks for
   * @param fromOperation null: the call as a whole; otherwise the first operation of a batch that
   *     it strikes, from 0. An operation that gets no answer becomes {@code null} in the batch's
   * @param toOperation the first one that it doesn't strike; null: all that follow
   * @param delayMs how long a {@link Kind#SLOW} answer waits
   * @param status of a {@link Kind#ERROR}
   * @param error the error object of a {@link Kind#ERROR}, sent as it stands
   * @param headers sent along, in place of those the simulator would send itself
   */
  public record Fault(
      Kind kind,
      @Nullable Integer times,
      @Nullable Double probability,
      @Nullable Long page,
      @Nullable Integer fromOperation,
      @Nullable Integer toOperation,
      long delayMs,
      @Nullable Integer status,
      @Nullable Map<String, Object> error,
      @Nullable Map<String, String> headers) {

    /** What goes wrong. Nothing is converted, except where said. */
    public enum Kind {
      /** Acts at once and answers as usual, but late. */
      SLOW(true),
      HANG(false),
      /** Converts, and never answers. */
      HANG_AFTER_ACTING(true),
      /** Closes the connection without an answer. */
      RESET(false),
      /** Converts, then closes the connection without an answer. */
      LOSE_REPLY(true),
      /** Converts, and answers 200 without a body. */
      EMPTY_BODY(true),
      /** Converts, and answers the first half of the JSON. */
      TRUNCATED_BODY(true),
      /** 502 with an HTML page. */
      BAD_GATEWAY(false),
      /** 500, code 2 with {@code is_transient}. */
      UNAVAILABLE(false),
      /** 500, code 2 without {@code is_transient}. */
      SERVER_ERROR(false),
      /** 500, code 1. */
      UNKNOWN_ERROR(false),
      /** 400, code 1150. */
      UNKNOWN_1150(false),
      /** 400, code 100 with subcode 33, and no word about what is missing. */
      UNSUPPORTED_REQUEST(false),
      /** 400, code 100 with subcode 33: the id asked for does not exist, or may not be seen. */
      NO_SUCH_OBJECT(false),
      /** 400, a GraphBatchException without a code. */
      BATCH_REFUSED(false),
      /** {@link Fault#status} and {@link Fault#error}. */
      ERROR(false);

      final boolean acts;

      Kind(boolean acts) {
        this.acts = acts;
      }
    }

    public Fault {
      SettingsCheck.require(kind != null, "a fault has a kind");
      SettingsCheck.require(times == null || times > 0, "times of a fault is 1 or more, or null");
      SettingsCheck.require(
          probability == null || (probability > 0 && probability <= 1),
          "probability of a fault lies above 0 and up to 1, or is null");
      SettingsCheck.require(delayMs >= 0, "delay_ms of a fault is 0 or more");
      SettingsCheck.require(
          kind != Kind.ERROR || (status != null && error != null),
          "a fault of kind error has a status and an error");
      SettingsCheck.require(
          fromOperation == null || (fromOperation >= 0 && kind != Kind.SLOW),
          "from_operation of a fault is 0 or more, and not for kind slow");
      SettingsCheck.require(
          toOperation == null || (fromOperation != null && toOperation > fromOperation),
          "to_operation of a fault is more than its from_operation");
    }

    /** Every call, until cleared. */
    public static Fault of(Kind kind) {
      return new Fault(kind, null, null, null, null, null, 0, null, null, null);
    }

    public static Fault slow(long delayMs) {
      return new Fault(Kind.SLOW, null, null, null, null, null, delayMs, null, null, null);
    }

    /** For example {@code error(403, Map.of("code", 4, "message", "slow down"))}. */
    public static Fault error(int status, Map<String, Object> error) {
      return new Fault(Kind.ERROR, null, null, null, null, null, 0, status, error, null);
    }

    /** The app's limit: 403, code 4. */
    public static Fault throttled() {
      return error(
          403,
          Map.of(
              "message",
              "(#4) Application request limit reached",
              "type",
              "OAuthException",
              "code",
              4,
              "is_transient",
              true));
    }

    public Fault times(int calls) {
      return copy(calls, probability, page, fromOperation, toOperation, headers);
    }

    public Fault probability(double share) {
      return copy(times, share, page, fromOperation, toOperation, headers);
    }

    public Fault onPage(long id) {
      return copy(times, probability, id, fromOperation, toOperation, headers);
    }

    /** On every operation of a batch from this one on. */
    public Fault onOperationsFrom(int first) {
      return copy(times, probability, page, first, null, headers);
    }

    /** On one operation of a batch. */
    public Fault onOperation(int index) {
      return copy(times, probability, page, index, index + 1, headers);
    }

    public Fault headers(Map<String, String> sent) {
      return copy(times, probability, page, fromOperation, toOperation, sent);
    }

    private Fault copy(
        @Nullable Integer calls,
        @Nullable Double share,
        @Nullable Long id,
        @Nullable Integer from,
        @Nullable Integer to,
        @Nullable Map<String, String> sent) {
      return new Fault(kind, calls, share, id, from, to, delayMs, status, error, sent);
    }

    Optional<Fault> usedOnce() {
      if (times == null) {
        return Optional.of(this);
      }
      return times == 1 ? Optional.empty() : Optional.of(times(times - 1));
    }
  }
}
