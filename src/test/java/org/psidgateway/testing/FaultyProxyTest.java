package org.psidgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {
  private static final Duration WAY = Duration.ofMillis(100);
  private static final int PIECES = 20;

  private ServerSocket server;
  private FaultyProxy link;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    link = new FaultyProxy(server.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    link.close();
    server.close();
  }

  @Test
  void delay_isThatOfALongLine_whichManyPiecesAreUnderWayOnAtATime() throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), link.port());
        Socket served = server.accept()) {
      client.setTcpNoDelay(true);
      link.delay(WAY);
      long start = System.nanoTime();
      for (int i = 0; i < PIECES; i++) {
        client.getOutputStream().write(i);
        if (i == 0) {
          assertThat(served.getInputStream().read()).isZero(); // or all would be one piece
          assertThat(since(start)).isGreaterThanOrEqualTo(WAY);
          start = System.nanoTime();
        }
      }
      for (int i = 1; i < PIECES; i++) {
        assertThat(served.getInputStream().read()).isEqualTo(i);
      }
      assertThat(since(start)).isBetween(WAY, WAY.multipliedBy(5));
    }
  }

  @Test
  void connecting_takesARoundTripToo_andWhatIsUnderWayArrivesBeforeTheEnd() throws IOException {
    link.delay(WAY);
    long start = System.nanoTime();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
      client.getOutputStream().write(7);
    }
    try (Socket served = server.accept()) {
      assertThat(served.getInputStream().read()).isEqualTo(7);
      assertThat(since(start)).isGreaterThanOrEqualTo(WAY.multipliedBy(3));
      assertThat(served.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
