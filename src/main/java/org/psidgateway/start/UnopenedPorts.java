package org.psidgateway.start;

import static java.util.function.Predicate.not;

import io.quarkus.runtime.QuarkusBindException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Which port a start could not open, why, and the keys that change it. */
final class UnopenedPorts {
  private static final String IN_USE = "Address already in use";
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final int QUEUE = 1;

  private UnopenedPorts() {}

  /**
   * Only the failure of the main server says which one it is: the others are tried again. Empty if
   * they can be opened now.
   */
  static List<String> lines(Throwable failure) {
    boolean unknownHost = failure instanceof UnknownHostException;
    Stream<String> servers =
        unknownHost
            ? Stream.of("quarkus.http", "quarkus.management")
            : failure instanceof QuarkusBindException
                ? Stream.of("quarkus.http")
                : Stream.of("quarkus.management", "simulator");
    Config config = ConfigProvider.getConfig();
    return servers.flatMap(server -> line(server, config, unknownHost).stream()).toList();
  }

  /**
   * @param anyPort whether only the host matters: a server may be listening on its port already
   */
  private static Optional<String> line(String server, Config config, boolean anyPort) {
    Optional<String> host = config.getOptionalValue(server + ".host", String.class);
    return config
        .getOptionalValue(server + ".port", Integer.class)
        .flatMap(
            port ->
                whyNot(host.orElse(EVERY_ADDRESS), anyPort ? 0 : port)
                    .map(why -> line(server, host, port, why)));
  }

  /** Empty if the port can be opened. */
  private static Optional<String> whyNot(String host, int port) {
    try (ServerSocket socket = new ServerSocket(port, QUEUE, InetAddress.getByName(host))) {
      return socket.isBound() ? Optional.empty() : Optional.of("not bound");
    } catch (UnknownHostException e) {
      return Optional.of("unknown host");
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String line(String server, Optional<String> host, int port, String why) {
    String where =
        "port " + port + host.filter(not(EVERY_ADDRESS::equals)).map(" on "::concat).orElse("");
    String key = server + ".port";
    return "The gateway does not start: "
        + where
        + (why.startsWith(IN_USE)
            ? " is in use; choose another one by " + key
            : " can't be opened (%s); see %s"
                .formatted(why, (host.isPresent() ? server + ".host, " : "") + key));
  }
}
