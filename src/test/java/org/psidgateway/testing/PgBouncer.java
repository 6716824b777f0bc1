package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.psidgateway.testing.Backing.Database;

/** The distribution's PgBouncer in transaction mode, as docs/scale.md asks for it. */
public final class PgBouncer implements AutoCloseable {
  private static final String SETTINGS =
      """
      [databases]
      * = host=localhost port=%d user=%s
      [pgbouncer]
      listen_addr = localhost
      listen_port = %d
      unix_socket_dir =
      auth_type = any
      pool_mode = transaction
      ignore_startup_parameters = options, extra_float_digits
      default_pool_size = 4
      max_client_conn = 200
      """;

  private final Database database;
  private final int port = Pod.freePort();
  private final Process process;

  /** In front of the server of {@code database}; returns when it listens. */
  public PgBouncer(Database database) {
    this.database = database;
    try {
      Path home = Path.of("target/foreign/pgbouncer-" + port);
      Files.createDirectories(home);
      Path settings = home.resolve("pgbouncer.ini");
      Files.writeString(settings, SETTINGS.formatted(database.port(), database.user(), port));
      process =
          new ProcessBuilder(command(settings.toAbsolutePath()))
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("log").toFile())
              .start();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::listens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It refuses to be root. So does PostgreSQL, and the library starts that in the same way. */
  private static List<String> command(Path settings) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(Program.PGBOUNCER.path().toString(), settings.toString()));
    return command;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The database through it. */
  public Database database() {
    return database.through(port, "sslmode=disable&prepareThreshold=0");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
