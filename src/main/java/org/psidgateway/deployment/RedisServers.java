package org.psidgateway.deployment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * How log lines name Redis and its failures: the configured addresses without user and password,
 * and never a key, which has a person's id in it.
 */
@Singleton
public final class RedisServers {
  private static final Pattern LOGIN = Pattern.compile("(?<=://)[^@/]*@");
  private static final Pattern QUERY = Pattern.compile("\\?.*");

  /** Redis begins an error with a word in capitals, such as NOAUTH or OOM. */
  private static final Pattern KIND = Pattern.compile("[A-Z]{3,}\\b");

  private final String addresses;

  @Inject
  RedisServers(@ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts) {
    this(hosts.orElse(List.of()));
  }

  public RedisServers(List<String> hosts) {
    addresses = String.join(", ", hosts.stream().map(RedisServers::withoutLogin).toList());
  }

  private static String withoutLogin(String host) {
    return QUERY.matcher(LOGIN.matcher(host.strip()).replaceAll("")).replaceAll("");
  }

  /** Where Redis is, and why it failed, on one line. */
  public String describe(@Nullable Throwable failure) {
    return addresses + ": " + cause(failure);
  }

  private static String cause(@Nullable Throwable failure) {
    String text = failure == null ? null : failure.getMessage();
    if (failure == null || isTimeout(failure)) {
      return "no answer in time";
    }
    if (text == null) {
      return failure.getClass().getSimpleName();
    }
    if (failure instanceof IOException) { // of the connection: it names the address at most
      return text.lines().findFirst().orElse("");
    }
    Matcher kind = KIND.matcher(text);
    return kind.lookingAt() ? kind.group() : failure.getClass().getSimpleName();
  }

  private static boolean isTimeout(Throwable failure) {
    return failure instanceof TimeoutException
        || failure.getClass().getSimpleName().toLowerCase(Locale.ROOT).contains("timeout");
  }
}
