package org.psidgateway.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.testing.FaultyProxy.Way;
import org.psidgateway.testing.PostgresMessages.Message;

/**
 * Counts how often the clients of a PostgreSQL waited for it, by what it says after each: that it
 * is ready, inside a transaction or not. If it says so twice for what was sent at once (BEGIN goes
 * along with the first statements), that counts once.
 */
public final class RoundTrips {
  private static final char READY = 'Z';
  private static final byte IDLE = 'I';

  private final List<Integer> done = new ArrayList<>();

  /** For one connection. */
  public FaultyProxy.Tap tap() {
    return new Tap();
  }

  /** What was done since the last time: a number for each transaction, COMMIT included. */
  public synchronized List<Integer> take() {
    List<Integer> taken = List.copyOf(done);
    done.clear();
    return taken;
  }

  private synchronized void done(int trips) {
    done.add(trips);
  }

  private final class Tap implements FaultyProxy.Tap {
    private final PostgresMessages fromServer = new PostgresMessages(false);
    private int trips;
    private volatile boolean waiting;

    @Override
    public void pass(Way way, byte[] bytes, int count, OutputStream on) throws IOException {
      waiting |= way == Way.TO_SERVER;
      if (way == Way.TO_CLIENT) {
        for (Message message : fromServer.add(bytes, count)) {
          if (message.type() == READY) {
            ready(message.bytes()[5]);
          }
        }
      }
      on.write(bytes, 0, count);
    }

    private void ready(byte status) {
      trips += waiting ? 1 : 0;
      waiting = false;
      if (status == IDLE) {
        done(trips);
        trips = 0;
      }
    }
  }
}
