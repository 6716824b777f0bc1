package org.psidgateway.cache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.time.Ticker;

/**
 * Redis Cluster: a batch for each node, all of them at once. A node that is away costs the answers
 * that it holds; those of the others arrive.
 *
 * <p>All lists share one connection to each node. The client connects to all nodes or to none: a
 * list with connections of its own would get none while any node is away, and would wait for
 * connections of others in as many pools as there are nodes. If a command fails, the connections
 * are renewed, and the old ones serve until that has succeeded. All state belongs to one event
 * loop.
 */
final class ClusterPipeline implements Pipeline {
  /** Between a renewal that failed and the next one, while other nodes still answer. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Redis redis;
  private final Vertx vertx;
  private final Context loop;
  private final Ticker ticker;
  private @Nullable RedisConnection current;
  private @Nullable Future<RedisConnection> renewal;
  private long renewable;

  /**
   * @param redis the very client of the cluster: what wraps it does not know which node has a key
   */
  ClusterPipeline(Redis redis, Vertx vertx, Ticker ticker) {
    this.redis = redis;
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.ticker = ticker;
    this.renewable = ticker.nanos();
  }

  /** The keys of one command would have to be in one slot of 16 384. */
  @Override
  public int keysPerCommand() {
    return 1;
  }

  /** The answers arrive in the context of the caller. */
  @Override
  public Future<List<@Nullable Response>> send(List<Request> commands) {
    Context caller = vertx.getOrCreateContext();
    Promise<List<@Nullable Response>> answers = Promise.promise();
    loop.runOnContext(
        here ->
            sendOrRenew(commands)
                .onComplete(done -> caller.runOnContext(there -> answers.handle(done))));
    return answers.future();
  }

  private Future<List<@Nullable Response>> sendOrRenew(List<Request> commands) {
    // Idle connections get closed. Then all commands fail at once, unsent, and are sent over new
    // ones.
    return current == null
        ? renewAndSend(commands)
        : send(current, commands).recover(failure -> renewAndSend(commands));
  }

  private Future<List<@Nullable Response>> renewAndSend(List<Request> commands) {
    return renew().compose(renewed -> send(renewed, commands));
  }

  private Future<List<@Nullable Response>> send(RedisConnection open, List<Request> commands) {
    return ClusterBatch.send(open, commands)
        .map(
            batch -> {
              if (!batch.isWhole() && open == current) {
                renew();
              }
              return batch.answers();
            });
  }

  /** One renewal at a time. */
  private Future<RedisConnection> renew() {
    if (renewal == null && current != null && ticker.nanos() - renewable < 0) {
      return Future.failedFuture("a node was away a moment ago");
    }
    if (renewal == null) {
      Promise<RedisConnection> opened = Promise.promise();
      renewal = opened.future();
      redis
          .connect()
          .onComplete(
              done ->
                  loop.runOnContext(
                      here -> {
                        renewal = null;
                        if (done.succeeded()) {
                          replace(done.result());
                        } else {
                          renewable = ticker.nanos() + PAUSE_NANOS;
                        }
                        opened.handle(done);
                      }));
    }
    return renewal;
  }

  /** What is under way on the old ones is still answered. */
  private void replace(RedisConnection opened) {
    if (current != null) {
      current.close();
    }
    current = opened;
  }
}
