package org.psidgateway.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * The endpoint that converts. Calls are judged one at a time, in the order of arrival, so that
 * quota and rate limit are exact; only the delivery of the answers overlaps.
 */
final class PagesIdMapping {
  private final SimulatorScript script;
  private final Witness witness;
  private final InstantSource clock;
  private final RateWindow rate;
  private long spent;

  PagesIdMapping(SimulatorScript script, Witness witness, RateWindow rate, InstantSource clock) {
    this.script = script;
    this.witness = witness;
    this.rate = rate;
    this.clock = clock;
  }

  /** Judges one call and enters it in the witness's log. */
  synchronized Served serve(GraphRequest request) {
    Instant now = clock.instant();
    long nanos = System.nanoTime();
    Settings settings = script.settings();
    String token = request.token();
    long page = Tokens.page(settings, token);
    AskedIds ids = AskedIds.of(settings, request, page);
    Served served =
        Served.of(
            script,
            settings,
            page,
            "pages_id_mapping",
            () -> answer(settings, request, token, page, ids, now));
    log(now, nanos, page, ids, served.reply());
    return served;
  }

  /** A call to any other path or with another method. */
  synchronized Reply elsewhere(String path) {
    boolean known = path.endsWith("/pages_id_mapping");
    ErrorBody error =
        known
            ? FaultReply.noSuchObject("not_post", "get", "pages_id_mapping")
            : Refusals.unknownPath("unknown_path", path);
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
            0,
            ids.wellFormed(),
            reply.outcome(),
            reply.code(),
            reply.returned(),
            converted));
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
    Optional<ErrorBody> badToken = Refusals.ofToken(settings, token, page > 0);
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
