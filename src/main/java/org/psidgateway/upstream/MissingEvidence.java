package org.psidgateway.upstream;

import java.time.Duration;
import java.util.BitSet;
import org.jboss.logging.Logger;
import org.psidgateway.time.Ticker;

/**
 * Decides whether "does not exist" may be believed. Graph says it of people that the app may not
 * see, and when it is in trouble, as well as of people who don't exist; so it counts only beside
 * answers that show that all is well. Thread-safe.
 */
final class MissingEvidence {
  private static final Logger LOG = Logger.getLogger(MissingEvidence.class);

  /** How many of the latest answers are looked at. */
  static final int ANSWERS = 1_000;

  /** Fewer say nothing about what most people are answered. */
  private static final int ENOUGH = 20;

  private static final Duration RECENT = Duration.ofSeconds(60);

  private final Ticker ticker;
  private final BitSet missing = new BitSet(ANSWERS);
  private int next;
  private int seen;
  private boolean everAnswered;
  private long answeredAt;
  private boolean disbelieving;

  MissingEvidence(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Takes note of a batch, and judges it.
   *
   * @param answered how many of its operations were answered
   * @param unsupported of how many it was said that the person does not exist, or may not be seen
   * @param troubled whether it shows signs of trouble
   * @return whether those people may be believed not to exist
   */
  synchronized boolean believes(int answered, int unsupported, boolean troubled) {
    note(answered, false);
    note(unsupported, true);
    if (answered > 0) {
      everAnswered = true;
      answeredAt = ticker.nanos();
    }
    boolean tooMany = share() > 0.5;
    report(tooMany);
    return answeredLately() && !troubled && !tooMany;
  }

  private void note(int answers, boolean unsupported) {
    for (int i = 0; i < answers; i++) {
      missing.set(next, unsupported);
      next = (next + 1) % ANSWERS;
      seen = Math.min(ANSWERS, seen + 1);
    }
  }

  private void report(boolean tooMany) {
    if (tooMany && !disbelieving) {
      LOG.warnf(
          "Of the last %d people asked about, the upstream says of more than half that they do not"
              + " exist or may not be seen: a permission is probably missing, and none of it is"
              + " believed",
          seen);
    } else if (!tooMany && disbelieving) {
      LOG.info("The upstream says of no more than half of the people that they do not exist");
    }
    disbelieving = tooMany;
  }

  /** Whether somebody was answered within the last minute: then the app is let in. */
  synchronized boolean answeredLately() {
    return everAnswered && ticker.nanos() - answeredAt <= RECENT.toNanos();
  }

  /** Share of the last {@link #ANSWERS} answers that said so; 0 while there are only a few. */
  synchronized double share() {
    return seen < ENOUGH ? 0 : (double) missing.cardinality() / seen;
  }
}
