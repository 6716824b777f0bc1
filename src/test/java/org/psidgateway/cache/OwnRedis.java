package org.psidgateway.cache;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.psidgateway.testing.QuarkusRedis;
import redis.embedded.RedisServer;

/** A Redis to be ill-treated, and a client with the options that the gateway ships with. */
public final class OwnRedis implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final int port;
  private final Redis witness;
  private RedisServer server;
  private String pid;

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
    server = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
    server.start();
    pid = figure("server", "process_id:(\\d+)");
  }

  public void kill() throws IOException, InterruptedException {
    signal("KILL");
    server.stop();
  }

  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, pid).start();
    Assertions.assertThat(kill.waitFor()).isZero();
  }

  @Override
  public void close() throws IOException {
    server.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
