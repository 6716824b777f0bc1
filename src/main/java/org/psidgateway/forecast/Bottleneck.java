package org.psidgateway.forecast;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the work.
 *
 * @param until when that ends by itself, or is put to the test; null if it does not, or nobody
 *     knows
 * @param position in the queue, for whoever keeps one; null otherwise
 */
public record Bottleneck(What what, @Nullable Instant until, @Nullable Integer position) {

  /** One thing; if several hold the work up, the one that lasts. */
  public enum What {
    /** Nobody has confirmed the work yet. */
    CONFIRMATION,
    /** The pace, or, without one, how fast calls are answered. */
    UPSTREAM_RATE,
    /** The upstream asked to be left alone. */
    COOLDOWN,
    /** The latest calls brought no answer. */
    UPSTREAM_UNAVAILABLE,
    /** Too little is left of it, less the reserve floor. */
    QUOTA,
    /** The work may use a part of the pace. */
    SHARE,
    /** Other work goes first. */
    QUEUE,
    /** The Page is paused. */
    PAUSED,
    /** The Page's token is missing, or was refused, or the app's secret was. */
    TOKEN,
    /** It is closed, or closes before the work is done. */
    WINDOW;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  static Bottleneck of(What what) {
    return new Bottleneck(what, null, null);
  }
}
