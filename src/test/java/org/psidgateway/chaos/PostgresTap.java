package org.psidgateway.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.FaultyProxy.Way;
import org.psidgateway.testing.PostgresMessages;
import org.psidgateway.testing.PostgresMessages.Message;

/**
 * Reads along on one connection and knows, by the tables that are written, which transaction is a
 * reserve and which one settles an answer. It knows nothing else of the statements, so that they
 * may change.
 */
final class PostgresTap implements FaultyProxy.Tap {
  private static final Pattern GRANT = Pattern.compile("(?is).*\\binsert\\s+into\\s+call\\b.*");
  private static final Pattern LOCK =
      Pattern.compile("(?is).*\\bfrom\\s+budget\\s+for\\s+update\\b.*");
  private static final Pattern ANSWER = Pattern.compile("(?is).*\\binsert\\s+into\\s+mapping\\b.*");

  /** What the next reply is the end of. */
  private enum Reply {
    LOCK_OF_BUDGET,
    COMMIT_OF_GRANT,
    COMMIT_OF_ANSWER,
    OTHER,
    READY
  }

  private final Failpoints failpoints;
  private final PostgresMessages fromClient = new PostgresMessages(true);
  private final PostgresMessages fromServer = new PostgresMessages(false);
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private final Queue<Reply> expected = new ConcurrentLinkedQueue<>();
  private boolean granting;
  private boolean answering;

  PostgresTap(Failpoints failpoints) {
    this.failpoints = failpoints;
  }

  @Override
  public void pass(Way way, byte[] bytes, int count, OutputStream on) throws IOException {
    PostgresMessages messages = way == Way.TO_SERVER ? fromClient : fromServer;
    for (Message message : messages.add(bytes, count)) {
      if (way == Way.TO_SERVER) {
        request(message);
      } else {
        reply(message);
      }
      on.write(message.bytes());
    }
  }

  private void request(Message message) throws IOException {
    switch (message.type()) {
      case 'P' -> statements.put(message.text(0), message.text(1).strip());
      case 'B' -> bind(message.text(0), statements.getOrDefault(message.text(1), ""));
      case 'E' -> execute(portals.getOrDefault(message.text(0), ""));
      case 'S' -> expected.add(Reply.READY);
      case 'Q' -> {
        execute(message.text(0));
        expected.add(Reply.READY);
      }
      default -> {}
    }
  }

  private void bind(String portal, String sql) throws IOException {
    portals.put(portal, sql);
    if (ANSWER.matcher(sql).matches()) {
      failpoints.reach(Failpoint.BEFORE_SETTLE);
    }
  }

  private void execute(String sql) {
    if (GRANT.matcher(sql).matches()) {
      granting = true;
      expected.add(Reply.OTHER);
    } else if (LOCK.matcher(sql).matches() && !answering) {
      expected.add(Reply.LOCK_OF_BUDGET);
    } else if (sql.regionMatches(true, 0, "commit", 0, 6)) {
      expected.add(
          granting ? Reply.COMMIT_OF_GRANT : answering ? Reply.COMMIT_OF_ANSWER : Reply.OTHER);
      granting = false;
      answering = false;
    } else {
      boolean begins = sql.regionMatches(true, 0, "begin", 0, 5);
      boolean ends = sql.regionMatches(true, 0, "rollback", 0, 8);
      granting &= !begins && !ends;
      answering = (answering || ANSWER.matcher(sql).matches()) && !begins && !ends;
      expected.add(Reply.OTHER);
    }
  }

  private void reply(Message message) throws IOException {
    switch (message.type()) {
      case 'C', 'I', 's' -> {
        Reply done = expected.peek();
        if (done != null && done != Reply.READY) {
          expected.remove();
          arrived(done);
        }
      }
      case 'Z' -> {
        // After an error the server skips what else was sent before the Sync.
        for (Reply next = expected.poll(); next != null && next != Reply.READY; ) {
          next = expected.poll();
        }
      }
      default -> {}
    }
  }

  private void arrived(Reply done) throws IOException {
    switch (done) {
      case LOCK_OF_BUDGET -> failpoints.reach(Failpoint.INSIDE_RESERVE);
      case COMMIT_OF_GRANT -> failpoints.reach(Failpoint.AFTER_RESERVE);
      case COMMIT_OF_ANSWER -> failpoints.reach(Failpoint.AFTER_SETTLE);
      default -> {}
    }
  }
}
