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

  private static final int MOST_MISSING = ANSWERS / 2;
  private static final Duration RECENT = Duration.ofSeconds(60);

  private final Ticker ticker;
  private final BitSet missing = new BitSet(ANSWERS);
  private int next;
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
    long now = ticker.nanos();
    if (answered > 0) {
      everAnswered = true;
      answeredAt = now;
    }
    boolean tooMany = missing.cardinality() > MOST_MISSING;
    report(tooMany);
    boolean recent = everAnswered && now - answeredAt <= RECENT.toNanos();
    return recent && !troubled && !tooMany;
  }

  private void note(int answers, boolean unsupported) {
    for (int i = 0; i < answers; i++) {
      missing.set(next, unsupported);
      next = (next + 1) % ANSWERS;
    }
  }

  private void report(boolean tooMany) {
    if (tooMany && !disbelieving) {
      LOG.warnf(
          "Of the last %d people asked about, the upstream says of more than half that they do not"
              + " exist or may not be seen: a permission is probably missing, and none of it is"
              + " believed",
          ANSWERS);
    } else if (!tooMany && disbelieving) {
      LOG.info("The upstream says of no more than half of the people that they do not exist");
    }
    disbelieving = tooMany;
  }

  /** Share of the last {@link #ANSWERS} answers that said so; those not given yet did not. */
  synchronized double share() {
    return (double) missing.cardinality() / ANSWERS;
  }
}
