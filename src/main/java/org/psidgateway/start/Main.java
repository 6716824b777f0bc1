package org.psidgateway.start;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the gateway. A start that fails is logged like everything else, as JSON if logs are JSON:
 * one line for each fault, and a stack trace only if the cause is not known to be the operator's to
 * mend.
 */
@QuarkusMain
public final class Main {
  private static final Logger LOG = Logger.getLogger(Main.class);

  Main() {}

  /** Returns when the gateway has stopped. */
  public static void main(String... args) {
    Quarkus.run(null, Main::end, args);
  }

  private static void end(Integer exitCode, @Nullable Throwable failure) {
    if (failure != null) {
      log(failure);
    }
    ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(exitCode, failure);
  }

  private static void log(Throwable failure) {
    Throwable cause = ExceptionUtil.getRootCause(failure);
    List<String> lines =
        cause instanceof BindException || cause instanceof UnknownHostException
            ? UnopenedPorts.lines(cause)
            : lines(cause);
    if (lines.isEmpty()) {
      LOG.error("The gateway does not start", failure);
    }
    lines.forEach(LOG::error);
  }

  /** What to say of a failure that needs no stack trace; empty for any other. */
  static List<String> lines(Throwable cause) {
    return cause instanceof ConfigurationException || cause instanceof ConfigValidationException
        ? String.valueOf(cause.getMessage()).lines().map(String::strip).toList()
        : List.of();
  }
}
