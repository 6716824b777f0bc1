package org.psidgateway.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A single server, or the master that Sentinel names: it holds all keys. */
final class ServerPipeline implements Pipeline {
  /**
   * Redis serves nobody else during a command, so longer lists are several commands of one batch.
   */
  static final int KEYS_PER_COMMAND = 1000;

  private final Redis redis;

  ServerPipeline(Redis redis) {
    this.redis = redis;
  }

  @Override
  public int keysPerCommand() {
    return KEYS_PER_COMMAND;
  }

  @Override
  public Future<List<@Nullable Response>> send(List<Request> commands) {
    return redis.batch(commands);
  }
}
