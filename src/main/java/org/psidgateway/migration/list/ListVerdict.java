package org.psidgateway.migration.list;

import org.psidgateway.model.Verdict;

/**
 * What became of an id of a list, beside what {@link Verdict} can say. In the table it is null as
 * long as the id was not attempted.
 */
public final class ListVerdict {
  /** Its call ended, and nobody knows how; once the migration has ended: it failed. */
  public static final long UNANSWERED = Verdict.UNKNOWN;

  /** The upstream refused a call with this id alone, and did not say why. */
  public static final long REFUSED_ALONE = -3;

  /** The person was erased. */
  public static final long ERASED = -4;

  private ListVerdict() {}
}
