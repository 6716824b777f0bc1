package org.psidgateway.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.RedisBinary;
import org.psidgateway.testing.Signals;
import redis.embedded.RedisServer;

/** A Redis to be ill-treated. */
final class ChaosRedis implements AutoCloseable {
  private final int port = Pod.freePort();
  private RedisServer server;
  private long pid;
  private boolean dead;

  ChaosRedis() {
    start();
  }

  int port() {
    return port;
  }

  /** Empty. */
  void start() {
    try {
      server =
          RedisServer.newRedisServer()
              .executableProvider(RedisBinary::file)
              .port(port)
              .setting("save \"\"")
              .build();
      server.start();
      pid = Long.parseLong(ask("INFO server", "process_id:"));
      dead = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() {
    Signals.send("KILL", pid);
    stop();
    dead = true;
  }

  void freeze() {
    Signals.send("STOP", pid);
  }

  void thaw() {
    Signals.send("CONT", pid);
  }

  /** Up and awake, whatever it was; empty if it had been killed. */
  void heal() {
    if (dead) {
      start();
    } else {
      thaw();
    }
  }

  void flush() {
    ask("FLUSHALL", "+OK");
  }

  /** What follows the prefix in the line that has it. */
  private String ask(String command, String prefix) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(prefix)) {
          return line.substring(prefix.length());
        }
      }
      throw new IOException("Redis did not answer " + prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    thaw();
    stop();
  }
}
