package org.psidgateway.upstream;

import java.util.Map;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.Faults;
import org.psidgateway.upstream.Exchange.Reply;

/**
 * How one kind of upstream is asked, and what its answers mean. Knows nothing of connections,
 * deadlines or the circuit breaker, which {@link GraphUpstream} provides for all kinds.
 * Thread-safe; no method blocks, and none throws.
 */
interface Protocol {

  /** What its calls cost. */
  Tariff tariff();

  /** Reports settings that no call of this kind can be made with. */
  void check(Faults faults);

  /** What is called below the base URL and the version, without a leading slash; may be empty. */
  String path();

  /**
   * The fields of the form that asks the question, in the order in which they are sent. Holds
   * secrets, so it goes nowhere but to the upstream. Made anew for each try.
   *
   * @param token the Page's access token, empty unless {@link Tariff#pageTokens}
   */
  Map<String, String> encode(Question question, String token);

  /**
   * What an answer says: {@link Outcome.Uncertain} unless it is certain what became of the call.
   */
  Reading decode(Question question, Reply reply);

  /**
   * An answer, read.
   *
   * @param usage what its headers say about limits
   */
  record Reading(Outcome outcome, UsageHeaders usage) {}
}
