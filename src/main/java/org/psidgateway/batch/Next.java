package org.psidgateway.batch;

import java.time.Duration;

/** How a conversion goes on after a turn. */
sealed interface Next {

  /** It is over: its ids have their answers, or wait elsewhere. */
  Next DONE = new Done();

  /** Its call failed for a while: another one, if there are to be any more. */
  Next RETRY = new Retry();

  /** Some id is bad: each half is asked by itself, so that it does not cost the others theirs. */
  Next SPLIT = new Split();

  record Done() implements Next {}

  /** Another turn, after a while. */
  record Again(Duration pause) implements Next {}

  record Retry() implements Next {}

  record Split() implements Next {}
}
