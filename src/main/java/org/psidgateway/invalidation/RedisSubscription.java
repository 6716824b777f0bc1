package org.psidgateway.invalidation;

import io.vertx.core.Context;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connection that listens, from the attempt to open it until it is lost. Once per tick it has
 * to hear a message of its own: a subscriber whose Redis froze or vanished hears nothing, just as
 * if nothing had changed. A PING would not do, since a cluster's client sends it to any node.
 * Everything happens on one event loop.
 */
final class RedisSubscription {
  /** Ticks without a message of its own, the opening included, after which it is given up. */
  private static final int PATIENCE = 3;

  private final Context loop;
  private final Redis redis;
  private final String channel;
  private final String ownChannel;
  private final ChangeNotifier notifier;
  private @Nullable RedisConnection connection;
  private int silence;
  private boolean over;

  /** Why it is about to be lost; null if nothing was heard for too long. */
  private @Nullable Throwable failure;

  RedisSubscription(Context loop, Redis redis, String channel, ChangeNotifier notifier) {
    this.loop = loop;
    this.redis = redis;
    this.channel = channel;
    this.ownChannel = channel + "." + UUID.randomUUID();
    this.notifier = notifier;
  }

  void open() {
    redis
        .connect()
        .onSuccess(opened -> onLoop(() -> subscribe(opened)))
        .onFailure(why -> onLoop(() -> end(why)));
  }

  private void subscribe(RedisConnection opened) {
    connection = opened;
    if (over) { // it came too late
      opened.close();
      return;
    }
    opened.handler(message -> onLoop(() -> hear(message)));
    opened.exceptionHandler(why -> onLoop(() -> doubt(why)));
    opened.endHandler(closed -> onLoop(() -> doubt(new IOException("connection closed"))));
    opened
        .send(Request.cmd(Command.SUBSCRIBE).arg(channel).arg(ownChannel))
        .onFailure(why -> onLoop(() -> end(why)));
  }

  boolean isOn(String wanted) {
    return channel.equals(wanted);
  }

  void tick() {
    if (++silence > PATIENCE) {
      end();
    } else if (connection != null) {
      beat();
    }
  }

  /**
   * A connection was closed. In a cluster it may be one to another node, where nothing is heard.
   */
  private void doubt(Throwable why) {
    failure = why;
    silence = PATIENCE;
    beat();
  }

  private void beat() {
    if (!over) {
      redis.send(Request.cmd(Command.PUBLISH).arg(ownChannel).arg(""));
    }
  }

  /**
   * Our own channel is subscribed last, so a message on it proves that both subscriptions stand.
   */
  private void hear(@Nullable Response message) {
    if (over) {
      return;
    }
    if (message == null || message.type() == ResponseType.ERROR) { // not allowed to listen
      end(new IOException("not allowed to subscribe"));
    } else if (!ownChannel.equals(String.valueOf(message.get(1)))) {
      notifier.notice();
    } else if ("message".equals(String.valueOf(message.get(0)))) {
      silence = 0;
      failure = null;
      notifier.isOpen();
    } else { // subscribed
      beat();
    }
  }

  private void end(Throwable why) {
    failure = why;
    end();
  }

  void end() {
    if (!over) {
      over = true;
      if (connection != null) {
        connection.close();
      }
      notifier.isLost(this, failure);
    }
  }

  private void onLoop(Runnable work) {
    loop.runOnContext(there -> work.run());
  }
}
