package org.psidgateway.model;

import java.util.Optional;

/**
 * A Facebook Page. Every mapping belongs to one (page, asid); {@code value} is 1 or more, but for
 * {@link #ANY}.
 */
public record PageId(long value) implements Comparable<PageId> {
  /**
   * All Pages at once: of a question to an upstream that answers for every Page, and of what is
   * kept about it. No mapping has it.
   */
  public static final PageId ANY = new PageId(0);

  public PageId {
    if (value < 0) {
      throw new IllegalArgumentException("a page id is a positive number");
    }
  }

  public boolean isAny() {
    return value == 0;
  }

  /** The Page that {@code text} names, or empty if it does not have the form of an id. */
  public static Optional<PageId> parse(String text) {
    long value = Ids.parse(text);
    return value == Ids.MALFORMED ? Optional.empty() : Optional.of(new PageId(value));
  }

  @Override
  public int compareTo(PageId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
