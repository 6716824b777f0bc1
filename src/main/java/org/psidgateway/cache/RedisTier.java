package org.psidgateway.cache;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;

/**
 * L2 in Redis: a list is one round trip. Whatever is wrong with Redis is a miss. A mapping never
 * yields to a negative, whichever pod writes later. Nothing is believed that a key of this
 * deployment did not sign within the time to live; nor is it deleted, since another pod may know a
 * newer key.
 */
final class RedisTier implements SharedTier {
  /** A small part of the replies that a connection awaits at most. */
  private static final int WRITES_PER_BATCH = 500;

  /** Entries that were written together don't expire together. */
  private static final double JITTER = 0.1;

  /** How far the clocks of two pods may differ. */
  private static final long SKEW_SECONDS = 60;

  private final Supplier<RedisFormat> formats;
  private final int idsPerCommand;
  private final GuardedRedis reads;
  private final GuardedRedis writes;
  private final Duration ttl;
  private final long recheckSeconds;
  private final InstantSource clock;
  private final CacheMeters meters;

  RedisTier(
      Pipeline redis,
      Supplier<RedisFormat> formats,
      CacheConfig.Redis config,
      Duration recheckAfter,
      InstantSource clock,
      CacheMeters meters,
      RedisServers servers,
      Supplier<TypedGuard.Builder<Uni<List<@Nullable Response>>>> guards) {
    this.formats = formats;
    this.idsPerCommand = redis.keysPerCommand();
    this.reads = new GuardedRedis(CacheMeters.READ, redis, config, guards.get(), meters, servers);
    this.writes = new GuardedRedis(CacheMeters.WRITE, redis, config, guards.get(), meters, servers);
    this.ttl = config.ttl();
    this.recheckSeconds = recheckAfter.toSeconds();
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public Uni<Findings> find(PageId page, long[] asids) {
    if (asids.length == 0) {
      return Uni.createFrom().item(Findings.NONE);
    }
    RedisFormat format = formats.get();
    return reads
        .send(commands(Command.MGET, asids, asid -> format.key(page.value(), asid)))
        .map(
            responses -> {
              Findings findings = findings(format, page, asids, responses);
              int failed = idsPerCommand * Collections.frequency(responses, null);
              meters.shared(asids.length - failed, findings.size());
              meters.sharedFailed(failed);
              return findings;
            })
        .onFailure()
        .recoverWithItem(
            () -> {
              meters.sharedFailed(asids.length);
              return Findings.NONE;
            });
  }

  private Findings findings(
      RedisFormat format, PageId page, long[] asids, List<@Nullable Response> responses) {
    long[] found = new long[asids.length];
    long[] verdicts = new long[asids.length];
    long[] checkedAt = new long[asids.length];
    int count = 0;
    int rejected = 0;
    RedisMac mac = format.mac();
    long now = now();
    for (int i = 0; i < asids.length; i++) {
      Buffer value = value(responses.get(i / idsPerCommand), i % idsPerCommand);
      if (value == null) {
        continue;
      }
      if (!mac.isGenuine(value, page.value(), asids[i])) {
        rejected++;
      } else if (isFresh(value, now) && stands(mac.verdict(value), value, now)) {
        found[count] = asids[i];
        verdicts[count] = mac.verdict(value);
        checkedAt[count] = RedisMac.checkedAt(value);
        count++;
      }
    }
    meters.rejected(rejected);
    return new Findings(
        Arrays.copyOf(found, count),
        Arrays.copyOf(verdicts, count),
        Arrays.copyOf(checkedAt, count));
  }

  private static @Nullable Buffer value(@Nullable Response list, int i) {
    if (list == null) {
      return null; // the others may have one
    }
    if (list.type() != ResponseType.MULTI || i >= list.size()) {
      throw new IllegalStateException("not the answer to what was asked");
    }
    Response value = list.get(i);
    return value == null || value.type() != ResponseType.BULK ? null : value.toBuffer();
  }

  /**
   * Anyone who can write to Redis can make an entry outlive its time to live there, but not here.
   */
  private boolean isFresh(Buffer value, long now) {
    long writtenAt = RedisMac.writtenAt(value);
    return writtenAt + ttl.toSeconds() > now && writtenAt <= now + SKEW_SECONDS;
  }

  private boolean stands(long verdict, Buffer value, long now) {
    long checkedAt = RedisMac.checkedAt(value);
    return Verdict.isPsid(verdict)
        || Verdict.isNegative(verdict)
            && checkedAt + recheckSeconds > now
            && checkedAt <= now + SKEW_SECONDS;
  }

  @Override
  public void keep(PageId page, Findings findings) {
    if (findings.size() > 0) {
      Multi.createFrom()
          .range(0, (findings.size() + WRITES_PER_BATCH - 1) / WRITES_PER_BATCH)
          .map(batch -> sets(page, findings, batch * WRITES_PER_BATCH))
          .filter(sets -> !sets.isEmpty())
          .onItem()
          .transformToUniAndConcatenate(writes::send)
          .subscribe()
          .with(written -> {}, failure -> {});
    }
  }

  private List<Request> sets(PageId page, Findings findings, int from) {
    int to = Math.min(findings.size(), from + WRITES_PER_BATCH);
    List<Request> sets = new ArrayList<>(to - from);
    RedisFormat format = formats.get();
    RedisMac mac = format.mac();
    long now = now();
    for (int i = from; i < to; i++) {
      long asid = findings.asids()[i];
      long verdict = findings.verdicts()[i];
      long checkedAt = findings.checkedAt()[i];
      long life = ttlSeconds();
      if (Verdict.isNegative(verdict)) {
        life = Math.min(life, checkedAt + recheckSeconds - now);
      }
      if (life > 0) {
        Request set =
            Request.cmd(Command.SET)
                .arg(format.key(page.value(), asid))
                .arg(mac.value(page.value(), asid, verdict, checkedAt, now))
                .arg("EX")
                .arg(life);
        sets.add(Verdict.isNegative(verdict) ? set.arg("NX") : set);
      }
    }
    return sets;
  }

  private long ttlSeconds() {
    double share = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
    return Math.max(1, (long) (ttl.toSeconds() * share));
  }

  private long now() {
    return clock.millis() / 1000;
  }

  /**
   * Goes the way of the reads: a Redis that is too full to write deletes all the same. What the
   * previous version stored goes too: its pods may run until the roll-out is complete.
   */
  @Override
  public Uni<Void> forget(PageId page, long[] asids) {
    if (asids.length == 0) {
      return Uni.createFrom().voidItem();
    }
    RedisFormat format = formats.get();
    List<Request> deletions = commands(Command.DEL, asids, asid -> format.key(page.value(), asid));
    deletions.addAll(
        commands(Command.DEL, asids, asid -> RedisFormat.previousKey(page.value(), asid)));
    return reads.send(deletions).invoke(RedisTier::assertAll).replaceWithVoid();
  }

  private static void assertAll(List<@Nullable Response> deletions) {
    if (deletions.contains(null)) {
      throw new IllegalStateException("some were not deleted");
    }
  }

  private List<Request> commands(Command command, long[] asids, LongFunction<byte[]> key) {
    List<Request> requests = new ArrayList<>(1 + asids.length / idsPerCommand);
    for (int i = 0; i < asids.length; i += idsPerCommand) {
      Request request = Request.cmd(command);
      for (int j = i; j < Math.min(asids.length, i + idsPerCommand); j++) {
        request.arg(key.apply(asids[j]));
      }
      requests.add(request);
    }
    return requests;
  }
}
