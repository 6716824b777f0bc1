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

/**
 * The call that a grant allows: it is sent in time, or the grant is released and the conversion
 * tries again.
 */
final class GrantedCall {
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);

  /** After this long a grant is checked once more: a cooldown may have begun meanwhile. */
  private static final Duration FRESH = Duration.ofMillis(250);

  private static final String COOLING_DOWN = "cooling_down";
  private static final String STORE_UNAVAILABLE = "store_unavailable";
  private static final List<String> OBJECTIONS = List.of(COOLING_DOWN, STORE_UNAVAILABLE);

  private final Converter shared;
  private final Conversion conversion;
  private final Attempt attempt;
  private final Granted granted;
  private final Selection ids;
  private final Pauses pauses;

  GrantedCall(Converter shared, Conversion conversion, Attempt attempt, Granted granted) {
    this.shared = shared;
    this.conversion = conversion;
    this.attempt = attempt;
    this.granted = granted;
    this.ids = conversion.ids();
    this.pauses = conversion.pauses();
  }

  Uni<Next> make() {
    Optional<String> token;
    try {
      token = shared.tokens.token(granted.page(), granted.tokenRevision());
    } catch (RuntimeException e) { // PostgreSQL went away after the grant
      return release(STORE_UNAVAILABLE, pauses.next(STORE_AWAY));
    }
    if (token.isEmpty()) {
      return noToken();
    }
    if (shared.pool.nanos() - granted.sendBefore() > 0) {
      return late();
    }
    if (ids.take(granted, attempt.trace)) { // the lane's next ids may look for a grant
      ids.queue.stopped(ids.lane);
      shared.wake(ids.queue);
    }
    return send(token.get()).flatMap(this::conclude);
  }

  private Uni<Outcome> send(String token) {
    return attempt.trace.step(
        Step.UPSTREAM,
        granted.asids().length,
        () ->
            shared.upstream.ask(
                granted.page(), token, granted.asids(), granted.sendBefore(), this::objection));
  }

  /** Asked once the connection stands: a cooldown that has begun meanwhile stops an older grant. */
  private Uni<Optional<String>> objection() {
    attempt.sentAfter(age());
    if (attempt.sentAfter().compareTo(FRESH) <= 0) {
      return Uni.createFrom().item(Optional.empty());
    }
    return shared
        .pool
        .call(() -> shared.ledger.coolingDown(granted.page()))
        .map(cooling -> cooling ? Optional.of(COOLING_DOWN) : Optional.<String>empty())
        .onFailure()
        .recoverWithItem(Optional.of(STORE_UNAVAILABLE))
        .invoke(() -> attempt.sentAfter(age()));
  }

  private Uni<Next> conclude(Outcome outcome) {
    attempt.trace.outcome(outcome.label());
    if (outcome instanceof Unsent unsent) {
      if (unsent.isLate()) {
        return late();
      }
      if (OBJECTIONS.contains(unsent.detail())) {
        return release(unsent.detail(), pauses.next(Pauses.SHORTEST));
      }
    } else {
      shared.ledger.sent(attempt.sentAfter());
      shared.meters.sent(granted.asids().length, conversion.isRetry());
      pauses.reset();
    }
    Conclusion conclusion = new Conclusion(shared, conversion, attempt, granted);
    return attempt
        .trace
        .step(Step.SETTLE, granted.asids().length, () -> conclusion.of(outcome))
        .invoke(next -> shared.foreign.watch(ids.queue));
  }

  private Uni<Next> noToken() {
    return shared
        .settler
        .commit(Settlement.unsent(granted.call(), "no_token"), attempt.permit)
        .map(
            done -> {
              boolean replaced =
                  shared.tokens.find(granted.page()).stream()
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
    shared.ledger.late(granted);
    return release("late", pauses.nextAfterLateGrant());
  }

  private Uni<Next> release(String why, Duration pause) {
    return shared
        .settler
        .commit(Settlement.unsent(granted.call(), why), attempt.permit)
        .map(done -> new Next.Again(pause));
  }

  private Duration age() {
    return granted.age(shared.pool.nanos());
  }
}
