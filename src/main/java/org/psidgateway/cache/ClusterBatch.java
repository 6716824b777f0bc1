package org.psidgateway.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisCluster;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands of one key each, on their way to the nodes that have the keys: a batch per node, all of
 * them at once. They must be harmless if carried out twice. Belongs to one event loop.
 */
final class ClusterBatch {
  private final RedisConnection open;
  private final List<Request> commands;
  private final Map<Request, @Nullable Response> answers = new IdentityHashMap<>();

  private ClusterBatch(RedisConnection open, List<Request> commands) {
    this.open = open;
    this.commands = commands;
  }

  /** Fails if no command succeeded. */
  static Future<ClusterBatch> send(RedisConnection open, List<Request> commands) {
    return new ClusterBatch(open, commands).send();
  }

  boolean isWhole() {
    return answers.size() == commands.size();
  }

  /** In the order of the commands; null for one that failed. */
  List<@Nullable Response> answers() {
    List<@Nullable Response> inOrder = new ArrayList<>(commands.size());
    commands.forEach(command -> inOrder.add(answers.get(command)));
    return inOrder;
  }

  private Future<ClusterBatch> send() {
    return Future.succeededFuture()
        .compose(begun -> RedisCluster.create(open).groupByNodes(commands))
        .compose(groups -> Future.join(groups.stream().map(this::sendToOneNode).toList()))
        .map(this)
        .recover(
            some -> answers.isEmpty() ? Future.failedFuture(some) : Future.succeededFuture(this));
  }

  private Future<Void> sendToOneNode(List<Request> group) {
    return open.batch(group)
        .onSuccess(
            responses -> {
              for (int i = 0; i < group.size(); i++) {
                answers.put(group.get(i), responses.get(i));
              }
            })
        .<Void>mapEmpty()
        .recover(
            failed -> isRedirected(failed) ? sendOneByOne(group) : Future.failedFuture(failed));
  }

  /** A slot moves, or has moved: single commands follow it, a batch does not. */
  private Future<Void> sendOneByOne(List<Request> group) {
    return Future.join(
            group.stream()
                .map(
                    command ->
                        open.send(command).onSuccess(response -> answers.put(command, response)))
                .toList())
        .mapEmpty();
  }

  private static boolean isRedirected(Throwable failed) {
    String message = String.valueOf(failed.getMessage());
    return message.contains("] MOVED ") || message.contains("] ASK ");
  }
}
