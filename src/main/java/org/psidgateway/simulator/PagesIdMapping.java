package org.psidgateway.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * The endpoint that converts. Calls are judged one at a time, in the order of arrival, so that
 * quota and rate limit are exact; only the delivery of the answers overlaps.
 */
final class PagesIdMapping {
  private final SimulatorScript script;
  private final Witness witness;
  private final InstantSource clock;
  private final RateWindow rate = new RateWindow();
  private long spent;

  PagesIdMapping(SimulatorScript script, Witness witness, InstantSource clock) {
    this.script = script;
    this.witness = witness;
    this.clock = clock;
  }

  /**
   * An answer and what happens to it on the way.
   *
   * @param decisive the fault that decides the call; null if none does
   */
  record Served(Reply reply, Fault.@Nullable Kind decisive, long delayMs) {}

  /** Judges one call and enters it in the witness's log. */
  synchronized Served serve(GraphRequest request) {
    Instant now = clock.instant();
    long nanos = System.nanoTime();
    Settings settings = script.settings();
    String token = request.token();
    long page = pageOf(settings, token);
    AskedIds ids = AskedIds.of(settings, request);

    Fault decisive = null;
    long delayMs = 0;
    Map<String, String> headers = new LinkedHashMap<>();
    for (Fault fault : script.takeFaults(page)) {
      delayMs += fault.delayMs();
      headers.putAll(Objects.requireNonNullElse(fault.headers(), Map.of()));
      decisive = fault.kind() == Fault.Kind.SLOW ? null : fault;
    }
    Reply reply;
    if (decisive == null) {
      reply = answer(settings, request, token, page, ids, now);
    } else if (decisive.kind().acts) {
      reply = FaultReply.spoil(decisive, answer(settings, request, token, page, ids, now));
    } else {
      reply = FaultReply.instead(decisive, settings);
    }
    log(now, nanos, page, ids, reply);
    return new Served(
        reply.overriddenBy(settings.extraHeaders).overriddenBy(headers),
        decisive == null ? null : decisive.kind(),
        delayMs);
  }

  /** A call to any other path or with another method. */
  synchronized Reply elsewhere(String path) {
    boolean known = path.endsWith("/pages_id_mapping");
    ErrorBody error =
        known ? FaultReply.noSuchObject("not_post") : Refusals.unknownPath("unknown_path", path);
    return refusedUnread(error);
  }

  /** A call whose parameters can't be read. */
  synchronized Reply unreadable() {
    return refusedUnread(ErrorBody.numbered("unreadable", 100, "Invalid parameter"));
  }

  private Reply refusedUnread(ErrorBody error) {
    Settings settings = script.settings();
    Reply reply = error.reply(settings);
    log(clock.instant(), System.nanoTime(), 0, AskedIds.NONE, reply);
    return reply.overriddenBy(settings.extraHeaders);
  }

  private void log(Instant now, long nanos, long page, AskedIds ids, Reply reply) {
    long[] converted = reply.returned().length == 0 ? reply.returned() : ids.mapped();
    witness.add(
        new Witness.Call(
            now.toEpochMilli(),
            nanos,
            page,
            ids.wellFormed(),
            reply.outcome(),
            reply.code(),
            reply.returned(),
            converted));
  }

  private static long pageOf(Settings settings, @Nullable String token) {
    for (Map.Entry<Long, String> page : settings.pages.entrySet()) {
      if (page.getValue().equals(token)) {
        return page.getKey();
      }
    }
    return 0;
  }

  private Reply answer(
      Settings settings,
      GraphRequest request,
      @Nullable String token,
      long page,
      AskedIds ids,
      Instant now) {
    Optional<ErrorBody> gone = Refusals.ofPath(settings.mode);
    if (gone.isPresent()) {
      return gone.get().reply(settings);
    }
    Optional<ErrorBody> badToken = Refusals.ofToken(settings, token, page);
    if (badToken.isPresent()) {
      return badToken.get().reply(settings);
    }
    RateWindow.Usage usage = rate.count(settings, page, now.toEpochMilli());
    Reply reply =
        usage.blocked()
            ? Refusals.throttled("rate_limited", settings.rateCode).reply(settings)
            : Refusals.ofProof(settings, request, String.valueOf(token), now)
                .or(() -> Refusals.ofIds(settings, request, ids))
                .map(refusal -> refusal.reply(settings))
                .orElseGet(() -> convert(settings, page, ids.mapped()));
    return reply.with(usage.headers(settings));
  }

  private Reply convert(Settings settings, long page, long[] asids) {
    if (settings.quota != null && spent + asids.length > settings.quota) {
      return Refusals.throttled("quota", settings.quotaCode).reply(settings);
    }
    spent += asids.length;
    long[] psids = new long[asids.length];
    for (int i = 0; i < asids.length; i++) {
      psids[i] = SimulatedGraph.psidOf(page, asids[i]);
    }
    return Reply.converted(AnswerShape.answer(settings, asids, psids), psids);
  }
}
