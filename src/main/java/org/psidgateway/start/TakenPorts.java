package org.psidgateway.start;

import io.quarkus.runtime.QuarkusBindException;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Which port a start found in use, and the key that changes it. */
final class TakenPorts {
  private static final String HTTP = "quarkus.http.port";

  private TakenPorts() {}

  /** Only the failure of the main port says which one it is: the others are tried again. */
  static List<String> lines(Throwable failure) {
    if (failure instanceof QuarkusBindException taken) {
      return List.of(line(taken.getPort(), HTTP));
    }
    Config config = ConfigProvider.getConfig();
    return Stream.of("quarkus.management.port", "simulator.port")
        .flatMap(
            key ->
                config
                    .getOptionalValue(key, Integer.class)
                    .filter(TakenPorts::isTaken)
                    .map(port -> line(port, key))
                    .stream())
        .toList();
  }

  private static String line(int port, String key) {
    return "The gateway does not start: port %d is in use; choose another one by %s"
        .formatted(port, key);
  }

  private static boolean isTaken(int port) {
    try (ServerSocket free = new ServerSocket(port)) {
      return !free.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}
