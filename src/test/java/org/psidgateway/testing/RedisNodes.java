package org.psidgateway.testing;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A real cluster of three masters and no replicas, one per JVM. Reads go on where they can while a
 * node is away, as with {@code cluster-require-full-coverage no}.
 */
public final class RedisNodes {
  private static final int SLOTS = 16_384;
  private static RedisNodes shared;

  private final List<RedisProcess> nodes;

  private RedisNodes() throws IOException {
    nodes = List.of(node(), node(), node());
    int share = SLOTS / 3;
    for (int i = 0; i < 3; i++) {
      RedisProcess node = nodes.get(i);
      int from = i * share;
      int to = i == 2 ? SLOTS : from + share;
      Object[] slots = new Object[1 + to - from];
      slots[0] = "ADDSLOTS";
      for (int slot = from; slot < to; slot++) {
        slots[1 + slot - from] = slot;
      }
      node.ask(Command.CLUSTER, slots);
      node.ask(Command.CLUSTER, "SET-CONFIG-EPOCH", i + 1);
      node.ask(Command.CLUSTER, "MEET", "127.0.0.1", nodes.get(0).port());
    }
    awaitWhole();
  }

  private static RedisProcess node() throws IOException {
    return RedisProcess.server(
        "--cluster-enabled", "yes",
        "--cluster-node-timeout", "500",
        "--cluster-require-full-coverage", "no");
  }

  public static synchronized RedisNodes get() {
    try {
      shared = shared == null ? new RedisNodes() : shared;
      return shared;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RedisProcess node(int i) {
    return nodes.get(i);
  }

  /** Until all of them know all of them, and all slots are served. */
  public void awaitWhole() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                nodes.stream()
                    .map(node -> node.ask(Command.CLUSTER, "INFO").toString())
                    .allMatch(
                        info ->
                            info.contains("cluster_state:ok")
                                && info.contains("cluster_slots_ok:" + SLOTS)
                                && info.contains("cluster_known_nodes:3")));
  }

  /** The keys below {@code quarkus.redis.} */
  public Map<String, String> keys() {
    String hosts =
        nodes.stream()
            .map(node -> "redis://127.0.0.1:" + node.port())
            .collect(Collectors.joining(","));
    return Map.of("hosts", hosts, "client-type", "cluster", "password", RedisProcess.PASSWORD);
  }

  public void flush() {
    nodes.forEach(node -> node.ask(Command.FLUSHALL));
  }

  public int size() {
    return nodes.stream().mapToInt(node -> node.ask(Command.DBSIZE).toInteger()).sum();
  }

  /** Redis' own word on it. */
  public int slot(byte[] key) {
    return node(0).ask(Command.CLUSTER, "KEYSLOT", key).toInteger();
  }

  /** Which node serves it, according to the node itself. */
  public int owner(int slot) {
    for (int i = 0; i < 3; i++) {
      for (Response range : node(i).ask(Command.CLUSTER, "SLOTS")) {
        if (range.get(0).toInteger() <= slot
            && slot <= range.get(1).toInteger()
            && range.get(2).get(1).toInteger() == node(i).port()) {
          return i;
        }
      }
    }
    throw new IllegalStateException("nobody serves " + slot);
  }

  /** Begins to move a slot: from now on, keys that are no longer here are asked for there. */
  public void beginMove(int slot, int from, int to) {
    node(to).ask(Command.CLUSTER, "SETSLOT", slot, "IMPORTING", id(from));
    node(from).ask(Command.CLUSTER, "SETSLOT", slot, "MIGRATING", id(to));
  }

  public void moveKey(byte[] key, int from, int to) {
    node(from)
        .ask(
            Command.MIGRATE,
            "127.0.0.1",
            node(to).port(),
            key,
            0,
            5000,
            "AUTH",
            RedisProcess.PASSWORD);
  }

  public void endMove(int slot, int to) {
    for (int i : new int[] {to, 0, 1, 2}) {
      node(i).ask(Command.CLUSTER, "SETSLOT", slot, "NODE", id(to));
    }
  }

  private String id(int node) {
    return node(node).ask(Command.CLUSTER, "MYID").toString();
  }
}
