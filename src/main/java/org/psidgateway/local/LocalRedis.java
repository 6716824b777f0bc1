package org.psidgateway.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/** Starts Redis with its files in a directory of its own. */
final class LocalRedis {
  private LocalRedis() {}

  /** Returns its port. */
  static int start(Path home, boolean keep) {
    Path data = home.resolve("redis");
    try {
      Files.createDirectories(data);
      int port = freePort();
      RedisServer.newRedisServer()
          .executableProvider(ExecutableProvider.newJarResourceProvider(data.toFile()))
          .port(port)
          .setting("dir " + quoted(data))
          .setting("pidfile " + quoted(data.resolve("redis.pid")))
          .setting("save " + (keep ? "60 1" : "\"\""))
          .build()
          .start();
      return port;
    } catch (IOException e) {
      throw new IllegalStateException("Redis did not start: " + e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }
}
