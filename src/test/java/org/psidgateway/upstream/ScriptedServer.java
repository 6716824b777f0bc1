package org.psidgateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyStoreOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server below HTTP, so that it can misbehave; keeps every request it read whole. */
final class ScriptedServer implements AutoCloseable {
  /** What the server does with a request that it has read. */
  interface Act extends Consumer<NetSocket> {}

  static final Act HANG = socket -> {};
  static final Act CUT = NetSocket::close;

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

  final List<String> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final Queue<Act> script = new ConcurrentLinkedQueue<>();
  private final NetServer server;
  private volatile Act otherwise = HANG;
  private volatile boolean resetOnConnecting;
  private volatile boolean resetOnFirstBytes;

  ScriptedServer(Vertx vertx) {
    this(vertx, new NetServerOptions());
  }

  /** Whatever closes a connection resets it, here. */
  static ScriptedServer resetting(Vertx vertx) {
    return new ScriptedServer(vertx, new NetServerOptions().setSoLinger(0));
  }

  /** Behind TLS: {@link #connections} are those whose handshake is over. */
  static ScriptedServer secure(Vertx vertx, KeyStoreOptions key) {
    return new ScriptedServer(vertx, new NetServerOptions().setSsl(true).setKeyCertOptions(key));
  }

  private ScriptedServer(Vertx vertx, NetServerOptions options) {
    server = vertx.createNetServer(options).connectHandler(this::accept);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  ScriptedServer then(Act act) {
    script.add(act);
    return this;
  }

  void otherwise(Act act) {
    otherwise = act;
  }

  void resetOnConnecting() {
    resetOnConnecting = true;
  }

  void resetOnFirstBytes() {
    resetOnFirstBytes = true;
  }

  int port() {
    return server.actualPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  static Act answer(int status, String body, String... headers) {
    return socket ->
        socket.write(head(status, body.getBytes(StandardCharsets.UTF_8).length, headers) + body);
  }

  /** Promises more than it sends. */
  static Act cutBody(String body) {
    return socket ->
        socket
            .write(head(200, body.length() + 10))
            .compose(v -> socket.write(body))
            .onComplete(v -> socket.close());
  }

  /** As an old server does: no length, the end of the connection is the end of the body. */
  static Act unframed(String body) {
    return socket ->
        socket.end(Buffer.buffer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body));
  }

  private static String head(int status, int length, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + length + "\r\n" + more + "\r\n";
  }

  private void accept(NetSocket socket) {
    connections.incrementAndGet();
    socket.closeHandler(v -> closed.incrementAndGet());
    socket.exceptionHandler(e -> {});
    if (resetOnConnecting) {
      socket.close();
      return;
    }
    Buffer read = Buffer.buffer();
    socket.handler(
        bytes -> {
          if (resetOnFirstBytes) {
            socket.close();
            return;
          }
          read.appendBuffer(bytes);
          String text = read.toString();
          int end = text.indexOf("\r\n\r\n");
          Matcher length = LENGTH.matcher(text);
          if (end > 0
              && length.find()
              && read.length() >= end + 4 + Integer.parseInt(length.group(1))) {
            requests.add(text);
            read.getByteBuf().clear();
            Act act = script.poll();
            (act == null ? otherwise : act).accept(socket);
          }
        });
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
