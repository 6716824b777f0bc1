package org.psidgateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * A TCP link that can be cut, reset, stalled, slowed or turned into a black hole, and healed. One
 * fault at a time: a new one takes the place of the one before.
 */
public final class FaultyProxy implements AutoCloseable {

  /** Which way bytes go. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  /** Sees what passes on one connection, and passes it on; throwing cuts the connection. */
  public interface Tap {
    void pass(Way way, byte[] bytes, int count, OutputStream on) throws IOException;
  }

  /** What the link does to bytes until {@code healed}. */
  private record Weather(
      boolean cut, Set<Way> lost, Duration delay, boolean stalled, CountDownLatch healed) {
    static Weather clear() {
      return new Weather(false, Set.of(), Duration.ZERO, false, new CountDownLatch(0));
    }

    static Weather foul(boolean cut, Set<Way> lost, Duration delay, boolean stalled) {
      return new Weather(cut, lost, delay, stalled, new CountDownLatch(1));
    }

    void hold() throws InterruptedException {
      if (stalled) {
        healed.await();
      }
    }
  }

  private final IntSupplier target;
  private final Supplier<Tap> taps;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> torn = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "faulty-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Weather weather = Weather.clear();

  public FaultyProxy(int target) {
    this(() -> target, FaultyProxy::plain);
  }

  /** Each connection goes to the port that is the target when it is opened. */
  public FaultyProxy(IntSupplier target) {
    this(target, FaultyProxy::plain);
  }

  /** With a tap of its own for each connection. */
  public FaultyProxy(int target, Supplier<Tap> taps) {
    this(() -> target, taps);
  }

  private FaultyProxy(IntSupplier target, Supplier<Tap> taps) {
    this.target = target;
    this.taps = taps;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Counts the connections that are opened. */
  public static FaultyProxy counting(int target, AtomicInteger opened) {
    return new FaultyProxy(
        target,
        () -> {
          opened.incrementAndGet();
          return plain();
        });
  }

  private static Tap plain() {
    return (way, bytes, count, on) -> on.write(bytes, 0, count);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Resets every connection, and every new one, until {@link #heal}. */
  public void cut() {
    become(Weather.foul(true, Set.of(), Duration.ZERO, false));
    reset();
  }

  /** Resets every connection once; new ones work. */
  public void reset() {
    sockets.forEach(FaultyProxy::reset);
  }

  /** Connections stay open and nothing passes, until {@link #heal} lets it through. */
  public void swallow() {
    become(Weather.foul(false, Set.of(), Duration.ZERO, true));
  }

  /**
   * Whatever is sent in these directions is lost; connections that lost something never recover.
   */
  public void blackHole(Way... ways) {
    become(Weather.foul(false, Set.of(ways), Duration.ZERO, false));
  }

  /**
   * What is sent arrives this much later, each way, as on a long line: nothing waits for its turn.
   */
  public void delay(Duration by) {
    become(Weather.foul(false, Set.of(), by, false));
  }

  public void heal() {
    become(Weather.clear());
    torn.forEach(FaultyProxy::reset);
    torn.clear();
  }

  private synchronized void become(Weather next) {
    Weather last = weather;
    weather = next;
    last.healed().countDown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (weather.cut()) {
          reset(client);
          continue;
        }
        connect(client);
      } catch (IOException e) {
        // the proxy is closing
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(upstream);
      Tap tap = taps.get();
      LongWay there = new LongWay(upstream, this::delayNanos, 2);
      LongWay back = new LongWay(client, this::delayNanos, 0);
      threads.execute(() -> pump(Way.TO_SERVER, tap, client, upstream, there));
      threads.execute(() -> pump(Way.TO_CLIENT, tap, upstream, client, back));
    } catch (IOException e) {
      reset(client); // the target is down
    }
  }

  private long delayNanos() {
    return weather.delay().toNanos();
  }

  private void pump(Way way, Tap tap, Socket from, Socket to, OutputStream out) {
    byte[] buffer = new byte[16_384];
    try (from;
        out) {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        Weather now = weather;
        if (now.lost().contains(way)) {
          torn.add(from);
          torn.add(to);
        } else {
          now.hold();
          tap.pass(way, buffer, n, out);
        }
      }
    } catch (IOException e) {
      // either side is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    become(Weather.clear());
    threads.shutdownNow();
  }
}
