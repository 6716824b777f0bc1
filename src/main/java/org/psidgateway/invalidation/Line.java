package org.psidgateway.invalidation;

import io.vertx.core.Context;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.jspecify.annotations.Nullable;

/**
 * One connection that listens, from the try to open it until it is lost. It is asked every tick
 * whether it is alive: a subscriber whose Redis froze or vanished hears nothing, like one that has
 * no news. Everything happens on one event loop.
 */
final class Line {
  /** Ticks without an answer, the opening included, after which it is given up. */
  private static final int PATIENCE = 3;

  private final Context loop;
  private final Messenger messenger;
  private @Nullable RedisConnection connection;
  private int silence;
  private boolean over;

  Line(Context loop, Messenger messenger) {
    this.loop = loop;
    this.messenger = messenger;
  }

  void open(Redis redis) {
    redis
        .connect()
        .onSuccess(opened -> onLoop(() -> subscribe(opened)))
        .onFailure(failure -> onLoop(this::end));
  }

  private void subscribe(RedisConnection opened) {
    connection = opened;
    if (over) { // it came too late
      opened.close();
      return;
    }
    opened.handler(message -> onLoop(messenger::hint));
    opened.exceptionHandler(failure -> onLoop(this::end));
    opened.endHandler(closed -> onLoop(this::end));
    opened
        .send(Request.cmd(Command.SUBSCRIBE).arg(Messenger.CHANNEL))
        .onFailure(failure -> onLoop(this::end));
    ping(opened);
  }

  void tick() {
    if (++silence > PATIENCE) {
      end();
    } else if (connection != null) {
      ping(connection);
    }
  }

  /** Answered after the subscription, since a connection keeps the order. */
  private void ping(RedisConnection open) {
    open.send(Request.cmd(Command.PING))
        .onSuccess(answer -> onLoop(() -> hear(answer)))
        .onFailure(failure -> onLoop(this::end));
  }

  private void hear(Response answer) {
    if (!over) {
      silence = 0;
      messenger.isOpen();
      // Before RESP3 a message is taken for the answer where it overtakes it.
      if (answer.type() == ResponseType.MULTI && !"pong".equals(answer.get(0).toString())) {
        messenger.hint();
      }
    }
  }

  private void end() {
    if (!over) {
      over = true;
      if (connection != null) {
        connection.close();
      }
      messenger.isLost(this);
    }
  }

  private void onLoop(Runnable work) {
    loop.runOnContext(there -> work.run());
  }
}
