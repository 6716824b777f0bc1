package org.psidgateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An egress proxy: opens tunnels, and forwards what is asked in the clear to one server. */
final class ForwardProxy implements AutoCloseable {
  /** The first line of each connection. */
  final List<String> lines = new CopyOnWriteArrayList<>();

  /** All that came before the tunnel. */
  final StringBuffer heard = new StringBuffer();

  private final NetServer server;
  private final NetClient client;
  private volatile boolean silent;
  private volatile String refusal = "";

  ForwardProxy(Vertx vertx, int port) {
    client = vertx.createNetClient();
    server = vertx.createNetServer().connectHandler(socket -> accept(socket, port));
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** From now on nothing is answered. */
  void fallSilent() {
    silent = true;
  }

  /** From now on tunnels are refused. */
  void refuse(String status) {
    refusal = status;
  }

  private void accept(NetSocket socket, int port) {
    socket.exceptionHandler(e -> {});
    socket.handler(
        first -> {
          String text = first.toString();
          lines.add(text.substring(0, text.indexOf("\r\n")));
          heard.append(text);
          if (silent) {
            return;
          }
          if (!refusal.isEmpty()) {
            socket.end(Buffer.buffer("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n"));
            return;
          }
          boolean tunnel = text.startsWith("CONNECT ");
          socket.pause();
          client
              .connect(port, "127.0.0.1")
              .onSuccess(
                  other -> {
                    other.handler(socket::write).closeHandler(v -> socket.close());
                    socket.handler(other::write).closeHandler(v -> other.close());
                    if (tunnel) {
                      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
                    } else {
                      other.write(first);
                    }
                    socket.resume();
                  });
        });
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    client.close().toCompletionStage().toCompletableFuture().join();
  }
}
