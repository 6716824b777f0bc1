package org.psidgateway.testing;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A member of a cluster or of a Sentinel set-up, of a test's own, to be ill-treated. */
public final class RedisProcess implements AutoCloseable {
  public static final String PASSWORD = "a-password";

  /** A member's port for other members is its own and this. */
  private static final int BUS = 10_000;

  private static final Path LOGS = Path.of("target/redis").toAbsolutePath();

  private final Vertx vertx = Vertx.vertx();
  private final Path home;
  private final int port;
  private final List<String> command = new ArrayList<>();
  private final Redis witness;
  private Process process;

  private RedisProcess(int port) throws IOException {
    this.port = port;
    Files.createDirectories(LOGS);
    home = Files.createTempDirectory(LOGS, "redis-");
    witness = Redis.createClient(vertx, "redis://:" + PASSWORD + "@127.0.0.1:" + port);
    command.add(RedisBinary.file().getPath());
  }

  /** A server with these settings, such as {@code "--appendonly", "yes"}. */
  public static RedisProcess server(String... settings) throws IOException {
    RedisProcess server = new RedisProcess(freePort());
    server.command.addAll(
        List.of("--port", Integer.toString(server.port), "--bind", "127.0.0.1", "--save", ""));
    server.command.addAll(List.of("--dir", server.home.toString(), "--repl-diskless-sync", "yes"));
    server.command.addAll(List.of("--repl-diskless-sync-delay", "0"));
    server.command.addAll(List.of("--requirepass", PASSWORD, "--masterauth", PASSWORD));
    server.command.addAll(List.of(settings));
    server.start();
    return server;
  }

  /** One that watches over {@code mymaster}, and decides alone. */
  public static RedisProcess sentinel(RedisProcess master, String... lines) throws IOException {
    RedisProcess sentinel = new RedisProcess(freePort());
    List<String> all = new ArrayList<>();
    all.add("port " + sentinel.port);
    all.add("bind 127.0.0.1");
    all.add("dir " + sentinel.home);
    all.add("sentinel monitor mymaster 127.0.0.1 " + master.port + " 1");
    all.add("sentinel auth-pass mymaster " + PASSWORD);
    all.addAll(List.of(lines));
    Path file = Files.write(sentinel.home.resolve("sentinel.conf"), all);
    sentinel.command.addAll(List.of(file.toString(), "--sentinel"));
    sentinel.start();
    return sentinel;
  }

  public int port() {
    return port;
  }

  /** Asks this very process. */
  public Response ask(Command what, Object... args) {
    return QuarkusRedis.ask(witness, what, args);
  }

  public void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    Process mine = process;
    Runtime.getRuntime().addShutdownHook(new Thread(mine::destroyForcibly));
    Awaitility.await().ignoreExceptions().until(() -> ask(Command.PING) != null);
  }

  /** As SIGKILL does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  /** As SIGSTOP does: its sockets stay open, and nothing is answered. */
  public void freeze() {
    Signals.send("STOP", process.pid());
  }

  public void thaw() {
    Signals.send("CONT", process.pid());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static int freePort() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket bus = new ServerSocket()) {
        if (socket.getLocalPort() + BUS < 1 << 16) {
          bus.bind(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort() + BUS));
          return socket.getLocalPort();
        }
      } catch (java.net.BindException taken) {
        // the next one, then
      }
    }
  }
}
