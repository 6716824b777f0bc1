package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Fate;
import org.psidgateway.trace.Step;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.Question;

/**
 * The call that a grant allows: it is sent in time, or the grant is released and the conversion
 * tries again.
 */
final class GrantedCall {

  /** After this long a grant is checked once more: a cooldown may have begun meanwhile. */
  private static final Duration FRESH = Duration.ofMillis(250);

  private static final String COOLING_DOWN = "cooling_down";
  private static final String STORE_UNAVAILABLE = "store_unavailable";
  private static final List<String> OBJECTIONS = List.of(COOLING_DOWN, STORE_UNAVAILABLE);

  private final ConversionContext context;
  private final Turn turn;
  private final Granted granted;
  private final Selection ids;
  private final Pauses pauses;

  GrantedCall(ConversionContext context, Turn turn, Granted granted) {
    this.context = context;
    this.turn = turn;
    this.granted = granted;
    this.ids = turn.ids;
    this.pauses = turn.pauses;
  }

  Uni<Next> make() {
    Optional<String> token;
    try {
      token = token();
    } catch (RuntimeException e) { // PostgreSQL went away after the grant
      return release(STORE_UNAVAILABLE, pauses.next(Pauses.STORE_AWAY));
    }
    if (token.isEmpty()) {
      return noToken();
    }
    if (context.pool.nanos() - granted.sendBefore() > 0) {
      return late();
    }
    if (ids.take(granted, turn.trace)) { // the lane's next ids may look for a grant
      ids.queue.stopped(ids.lane);
      context.wake(ids.queue);
    }
    long begun = context.pool.nanos();
    return send(token.get())
        .flatMap(outcome -> conclude(outcome, Duration.ofNanos(context.pool.nanos() - begun)));
  }

  private Optional<String> token() {
    return granted.call().tariff().pageTokens()
        ? context.tokens.token(granted.page(), granted.tokenRevision())
        : Optional.of("");
  }

  private Uni<Outcome> send(String token) {
    return turn.trace.step(
        Step.UPSTREAM,
        granted.asids().length,
        () ->
            context.upstream.ask(
                new Question(granted.page(), granted.asids(), ids.further()),
                token,
                granted.sendBefore(),
                this::objection));
  }

  /** Asked once the connection stands: a cooldown that has begun meanwhile stops an older grant. */
  private Uni<Optional<String>> objection() {
    turn.sentAfter(age());
    if (turn.sentAfter().compareTo(FRESH) <= 0) {
      return Uni.createFrom().item(Optional.empty());
    }
    return context
        .pool
        .call(() -> context.ledger.coolingDown(granted.call().limitedPage()))
        .map(cooling -> cooling ? Optional.of(COOLING_DOWN) : Optional.<String>empty())
        .onFailure()
        .recoverWithItem(Optional.of(STORE_UNAVAILABLE))
        .invoke(() -> turn.sentAfter(age()));
  }

  private Uni<Next> conclude(Outcome outcome, Duration took) {
    turn.trace.outcome(outcome.label());
    if (outcome instanceof Unsent unsent) {
      if (unsent.isLate()) {
        return late();
      }
      if (OBJECTIONS.contains(unsent.detail())) {
        return release(unsent.detail(), pauses.next(Pauses.SHORTEST));
      }
    } else {
      context.ledger.sent(turn.sentAfter());
      context.meters.sent(granted.asids().length, turn.request.retry());
      pauses.reset();
    }
    CallLog.ended(granted, outcome, took);
    Conclusion conclusion = new Conclusion(context, turn, granted);
    return turn.trace
        .step(Step.SETTLE, granted.asids().length, () -> conclusion.of(outcome))
        .invoke(next -> context.foreign.watch(ids.queue));
  }

  private Uni<Next> noToken() {
    return context
        .settler
        .commit(Settlement.unsent(granted.call(), "no_token"), turn.permit)
        .map(
            done -> {
              boolean replaced =
                  context.tokens.find(granted.page()).stream()
                      .anyMatch(page -> page.tokenRevision() != granted.tokenRevision());
              if (replaced) {
                return new Next.Again(pauses.next(Pauses.SHORTEST));
              }
              ids.end(Fate.TOKEN_INVALID); // there is a token, and it can't be decrypted
              return Next.DONE;
            });
  }

  /** The pod's next grant gets a longer deadline, and is asked for after a pause. */
  private Uni<Next> late() {
    context.ledger.late(granted);
    return release("late", pauses.nextAfterLateGrant());
  }

  private Uni<Next> release(String why, Duration pause) {
    return context
        .settler
        .commit(Settlement.unsent(granted.call(), why), turn.permit)
        .map(done -> new Next.Again(pause));
  }

  private Duration age() {
    return granted.age(context.pool.nanos());
  }
}
