package org.psidgateway.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to Redis, which may be one server or many. Thread-safe; never blocks. */
interface Pipeline {

  /** How many keys a command may hold. */
  int keysPerCommand();

  /**
   * One round trip for all commands. The answers come in their order, and a command that failed
   * while others did not has null for one. Fails if nothing succeeded.
   */
  Future<List<@Nullable Response>> send(List<Request> commands);
}
