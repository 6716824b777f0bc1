package org.psidgateway.batch;

import java.time.Duration;
import java.util.List;

/** How a conversion goes on after a turn. */
sealed interface Next {
  Next DONE = new Done();

  /** It is over: its ids have their answers, or wait elsewhere. */
  record Done() implements Next {}

  /** Another turn, after a while. */
  record Again(Duration pause) implements Next {}

  /** Its ids are asked in several calls instead. */
  record Split(List<Conversion> parts) implements Next {}
}
