package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settled;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.Source;
import org.psidgateway.model.Tariff;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.UpstreamError;

/**
 * What follows from a call's outcome: first the ledger commits answers and units, then the caches
 * learn of them, then the callers; and then the conversion ends, or goes on.
 */
final class Conclusion {
  private final ConversionContext context;
  private final Turn turn;
  private final Granted granted;
  private final Selection ids;

  Conclusion(ConversionContext context, Turn turn, Granted granted) {
    this.context = context;
    this.turn = turn;
    this.granted = granted;
    this.ids = turn.ids;
  }

  Uni<Next> of(Outcome outcome) {
    return outcome.fold(
        this::answered,
        this::matched,
        this::refused,
        unsent ->
            context
                .settler
                .commit(Settlement.unsent(granted.call(), unsent.detail()), turn.permit)
                .replaceWith(Next.RETRY),
        uncertain -> // the ids wait, as in all pods, until their claims lapse
        settle(Settlement.uncertain(granted.call(), uncertain.detail()))
                .invoke(at -> ids.queue.leaveTo(granted.callId(), granted.asids()))
                .replaceWith(Next.DONE));
  }

  /** Settles a call that was sent: the pace no longer has to reckon with its deadline. */
  private Uni<Settled> settle(Settlement settlement) {
    return context.settler.commit(settlement.arrived(turn.sentAfter()), turn.permit);
  }

  private Uni<Next> answered(Answered answer) {
    Findings findings = answer.findings();
    return settle(Settlement.answered(granted.call(), findings, answer.returned(), answer.usage()))
        .invoke(settled -> answer(findings, settled))
        .replaceWith(Next.DONE);
  }

  private Uni<Next> matched(Matched answer) {
    return new MatchedConclusion(context, turn, granted, this::settle).of(answer);
  }

  private void answer(Findings findings, Settled settled) {
    PageFindings told = new PageFindings(granted.page(), findings);
    ids.queue.answered(settled.committed(told), Source.UPSTREAM);
  }

  private Uni<Next> refused(Refused refusal) {
    return switch (meaning(refusal)) {
      case TRANSIENT ->
          settle(refusal, granted.probe() ? Signal.PASSED : Signal.NOTHING).replaceWith(Next.RETRY);
      case THROTTLED_APP, THROTTLED_PAGE ->
          settle(throttled(refusal)).invoke(at -> ids.requeue()).replaceWith(Next.DONE);
      case PERMISSION, RETIRED, MISADDRESSED -> notOffered(refusal);
      case TOKEN -> pausePage(refusal, Signal.PASSED, "token_invalid", Fate.TOKEN_INVALID);
      case APP_SECRET -> end(refusal, Signal.UNPROVEN, Fate.APP_SECRET_REJECTED);
      case IDS_LISTED -> listed(refusal);
      case IDS_UNLISTED -> settle(refusal, Signal.OPEN).map(at -> isolate(Fate.REFUSED_ALONE));
      case TOO_MANY_IDS ->
          settle(refusal, Signal.OPEN).map(at -> isolate(Fate.UPSTREAM_UNAVAILABLE));
    };
  }

  /**
   * The API may not be used, or is not there: for good where its window may have closed. Another
   * one is left alone for a while, and for longer each time.
   */
  private Uni<Next> notOffered(Refused refusal) {
    boolean permission = refusal.error() == UpstreamError.PERMISSION;
    Tariff tariff = granted.call().tariff();
    if (permission && tariff.pageTokens()) {
      return pausePage(refusal, Signal.DENIED, "permission_denied", Fate.PERMISSION_DENIED);
    }
    if (tariff.isWindowed()) {
      return end(refusal, Signal.RETIRED, Fate.WINDOW_CLOSED);
    }
    Fate fate = permission ? Fate.PERMISSION_DENIED : Fate.UPSTREAM_UNAVAILABLE;
    return end(refusal, Signal.throttled(true, Optional.empty()), fate);
  }

  /**
   * An upstream that says when to come back wants to be left alone until then, and an invalid
   * parameter near a throttle may be the throttle in disguise.
   */
  private UpstreamError meaning(Refused refusal) {
    UpstreamError error = refusal.error();
    if (error == UpstreamError.TRANSIENT && refusal.regainAfter().isPresent()) {
      return UpstreamError.THROTTLED_APP;
    }
    return error == UpstreamError.IDS_UNLISTED && granted.probe() ? UpstreamError.TRANSIENT : error;
  }

  private Uni<Settled> settle(Refused refusal, Signal signal) {
    return settle(
        Settlement.refused(
            granted.call(), refusal.rejected(), refusal.label(), signal, refusal.usage()));
  }

  private Settlement throttled(Refused refusal) {
    return Settlement.throttled(
        granted.call(),
        refusal.error() != UpstreamError.THROTTLED_PAGE,
        refusal.regainAfter(),
        refusal.label(),
        refusal.usage());
  }

  private Uni<Next> end(Refused refusal, Signal signal, Fate fate) {
    return settle(refusal, signal).invoke(at -> ids.end(fate)).replaceWith(Next.DONE);
  }

  private Uni<Next> pausePage(Refused refusal, Signal signal, String reason, Fate fate) {
    return settle(refusal, signal)
        .flatMap(
            at ->
                context.pool.call(
                    () -> {
                      context.tokens.pauseFor(granted.page(), granted.tokenRevision(), reason);
                      return Next.DONE;
                    }))
        .invoke(next -> ids.end(fate));
  }

  /** The listed ids are refused for good; the others are asked again, with what waits by then. */
  private Uni<Next> listed(Refused refusal) {
    return settle(refusal, Signal.OPEN)
        .invoke(settled -> answer(refusal.rejected(), settled))
        .map(at -> ids.requeueUnlessSpoilt() ? Next.DONE : isolate(Fate.REFUSED_ALONE));
  }

  private Next isolate(Fate fateOfOne) {
    if (ids.size() > 1) {
      return Next.SPLIT;
    }
    if (fateOfOne == Fate.REFUSED_ALONE) {
      ids.suspect();
    }
    ids.end(fateOfOne);
    return Next.DONE;
  }
}
