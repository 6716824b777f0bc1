package org.psidgateway.ops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects what is wrong with a configuration, so that all of it is reported at once. Each fault
 * names the key, its value, and what is allowed; the value of a secret is never given to this
 * class. Not thread-safe.
 */
public final class Faults {
  private final boolean production;
  private final List<String> found = new ArrayList<>();
  private final Map<String, String> unreadable = new TreeMap<>();

  /**
   * @param production whether the package is started, under whatever profile, rather than dev mode
   *     or a test
   */
  public Faults(boolean production) {
    this.production = production;
  }

  /** Whether the package is started: only then are missing keys and published secrets faults. */
  public boolean inProduction() {
    return production;
  }

  /**
   * Values that can't be read, then all else in the order in which it was found. Nothing else is
   * said of a key whose value can't be read: the checks have seen its default instead.
   */
  public List<String> all() {
    return Stream.concat(
            unreadable.values().stream(),
            found.stream().filter(fault -> unreadable.keySet().stream().noneMatch(mentions(fault))))
        .toList();
  }

  /** Whether a name in a key is quoted or not makes no difference. */
  private static Predicate<String> mentions(String fault) {
    String plain = fault.replace("\"", "");
    return key ->
        Pattern.compile("(?<![\\w.-])" + Pattern.quote(key.replace("\"", "")) + "(?![\\w.-])")
            .matcher(plain)
            .find();
  }

  /** The value can't be read as what the key is for. */
  public void unreadable(String key, String fault) {
    unreadable.put(key, fault);
  }

  /**
   * In production, the key must have a value.
   *
   * @param wanted what would be right
   */
  public void required(String key, boolean present, String wanted) {
    if (production && !present) {
      add(key + " is required: " + wanted);
    }
  }

  public void atLeast(String key, long value, long least) {
    require(value >= least, key, value, least + " or more");
  }

  public void between(String key, long value, long least, long most) {
    require(value >= least && value <= most, key, value, least + " to " + most);
  }

  public void between(String key, Duration value, Duration least, Duration most) {
    require(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        key,
        value,
        least + " to " + most);
  }

  /** At least a millisecond, the shortest time that a timer can wait. */
  public void positive(String key, Duration value, Duration most) {
    between(key, value, Duration.ofMillis(1), most);
  }

  public void share(String key, double value) {
    require(value >= 0 && value <= 1, key, value, "0 to 1");
  }

  public void shareAboveZero(String key, double value) {
    require(value > 0 && value <= 1, key, value, "above 0 and at most 1");
  }

  /**
   * The value is allowed.
   *
   * @param allowed the allowed values, as in "must be …"
   */
  public void require(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      add(key + " is " + value + ": must be " + allowed);
    }
  }

  /** Any other fault; the text begins with the key and quotes no secret. */
  public void add(String fault) {
    found.add(fault);
  }
}
