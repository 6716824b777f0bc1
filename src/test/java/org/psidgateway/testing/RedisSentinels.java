package org.psidgateway.testing;

import io.vertx.redis.client.Command;
import java.io.IOException;
import java.util.Map;
import org.awaitility.Awaitility;

/** A master, its replica, and a sentinel that promotes it half a second after it was lost. */
public final class RedisSentinels implements AutoCloseable {
  public final RedisProcess master = RedisProcess.server();
  public final RedisProcess replica =
      RedisProcess.server("--replicaof", "127.0.0.1", Integer.toString(master.port()));
  private final RedisProcess sentinel;

  public RedisSentinels() throws IOException {
    Awaitility.await()
        .until(
            () ->
                replica
                    .ask(Command.INFO, "replication")
                    .toString()
                    .contains("master_link_status:up"));
    sentinel =
        RedisProcess.sentinel(
            master,
            "sentinel down-after-milliseconds mymaster 500",
            "sentinel failover-timeout mymaster 2000");
    Awaitility.await()
        .until(() -> sentinel.ask(Command.SENTINEL, "REPLICAS", "mymaster").size() == 1);
  }

  /** The keys below {@code quarkus.redis.} */
  public Map<String, String> keys() {
    return Map.of(
        "hosts",
        "redis://127.0.0.1:" + sentinel.port(),
        "client-type",
        "sentinel",
        "master-name",
        "mymaster",
        "password",
        RedisProcess.PASSWORD);
  }

  @Override
  public void close() {
    sentinel.close();
    replica.close();
    master.close();
  }
}
