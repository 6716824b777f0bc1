package org.psidgateway.cache;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.psidgateway.testing.QuarkusRedis;
import org.psidgateway.testing.RedisBinary;
import org.psidgateway.testing.Signals;
import redis.embedded.RedisServer;

/** A Redis to be ill-treated, and a client with the options that the gateway ships with. */
public final class OwnRedis implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final int port;
  private final Redis witness;
  private RedisServer server;
  private long pid;

  public OwnRedis() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    witness = Redis.createClient(vertx, "redis://localhost:" + port);
    start();
  }

  public int port() {
    return port;
  }

  public Redis client() {
    return client(port);
  }

  public Redis client(int throughPort) {
    return QuarkusRedis.client(vertx, Map.of("hosts", "redis://localhost:" + throughPort));
  }

  public Response ask(Command command, Object... args) {
    return QuarkusRedis.ask(witness, command, args);
  }

  /** How often a command was executed. */
  int calls(String command) {
    return Integer.parseInt(figure("commandstats", "cmdstat_" + command + ":calls=(\\d+),.*"));
  }

  private String figure(String section, String line) {
    return ask(Command.INFO, section)
        .toString()
        .lines()
        .filter(text -> text.matches(line))
        .map(text -> text.replaceAll(line, "$1"))
        .findFirst()
        .orElse("0");
  }

  public void start() throws IOException {
    server =
        RedisServer.newRedisServer()
            .executableProvider(RedisBinary::file)
            .port(port)
            .setting("save \"\"")
            .build();
    server.start();
    pid = Long.parseLong(figure("server", "process_id:(\\d+)"));
  }

  public void kill() throws IOException {
    Signals.send("KILL", pid);
    server.stop();
  }

  public void freeze() {
    Signals.send("STOP", pid);
  }

  public void thaw() {
    Signals.send("CONT", pid);
  }

  @Override
  public void close() throws IOException {
    server.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
