package org.psidgateway.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A slow way to a socket. Each piece arrives a fixed time after it was sent, in order, and the
 * sender is not held up: any number may be under way.
 */
final class LongWay extends OutputStream {
  private final Socket to;
  private final OutputStream out;
  private final LongSupplier nanos;
  private final ScheduledThreadPoolExecutor courier =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread thread = new Thread(work, "faulty-proxy-courier");
            thread.setDaemon(true);
            return thread;
          });
  private long due;
  private final Queue<Delivery> underWay = new ArrayDeque<>();

  /**
   * @param nanos how long the way is at present
   * @param ways how many ways the sender has to wait for before the first piece, to connect
   */
  LongWay(Socket to, LongSupplier nanos, int ways) throws IOException {
    this.to = to;
    this.out = to.getOutputStream();
    this.nanos = nanos;
    this.due = System.nanoTime() + (ways + 1) * nanos.getAsLong();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    if (nanos.getAsLong() == 0 && underWay.isEmpty()) {
      out.write(bytes, from, count);
    } else {
      byte[] piece = Arrays.copyOfRange(bytes, from, from + count);
      send(() -> out.write(piece));
    }
  }

  /** What is under way arrives before the end does. */
  @Override
  public synchronized void close() throws IOException {
    if (underWay.isEmpty()) {
      to.close();
    } else {
      send(to::close);
    }
    courier.shutdown();
  }

  private interface Delivery {
    void run() throws IOException;
  }

  private void send(Delivery delivery) {
    long now = System.nanoTime();
    due = Math.max(due, now + nanos.getAsLong());
    underWay.add(delivery);
    courier.schedule(this::deliverNext, due - now, TimeUnit.NANOSECONDS);
  }

  /** In the order of sending, even if timers of one moment fire in another. */
  private void deliverNext() {
    try {
      next().run();
    } catch (IOException e) {
      // the reader on the other side finds out by itself
    }
    synchronized (this) {
      underWay.remove();
    }
  }

  private synchronized Delivery next() {
    return underWay.element();
  }
}
