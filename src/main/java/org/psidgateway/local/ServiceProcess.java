package org.psidgateway.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service known by the file in which it writes its process id: the one thing that a later JVM
 * knows of it. Uses the JDK alone, because class loaders may be closed when the JVM ends.
 */
final class ServiceProcess {
  private final Path pidFile;
  private final String program;

  private ServiceProcess(Path pidFile, String program) {
    this.pidFile = pidFile;
    this.program = program;
  }

  static ServiceProcess postgres(Path home) {
    return new ServiceProcess(home.resolve("postgres").resolve("postmaster.pid"), "postgres");
  }

  static ServiceProcess redis(Path home) {
    return new ServiceProcess(home.resolve("redis").resolve("redis.pid"), "redis-server");
  }

  /** Gives the process a few seconds to end on its own. */
  void await() throws IOException {
    find().ifPresent(process -> ended(process, 6));
  }

  /** Ends the process, data written, and removes a stale file. Returns when it is gone. */
  void stop() throws IOException {
    Optional<ProcessHandle> running = find();
    if (running.isPresent()) {
      ProcessHandle process = running.get();
      process.destroy(); // PostgreSQL: as soon as the last client has left
      if (!ended(process, 2)) {
        interrupt(process); // PostgreSQL: clients are cut off
        if (!ended(process, 10)) {
          process.destroyForcibly();
          ended(process, 10);
        }
      }
    }
    Files.deleteIfExists(pidFile);
  }

  /** Empty also if the number now belongs to another program. */
  private Optional<ProcessHandle> find() throws IOException {
    if (!Files.isReadable(pidFile)) {
      return Optional.empty();
    }
    String text = Files.readString(pidFile).strip();
    int end = text.indexOf('\n');
    String pid = end < 0 ? text : text.substring(0, end).strip();
    if (!pid.matches("\\d{1,18}")) {
      return Optional.empty();
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
    if (process.isPresent() && !process.get().info().command().orElse("").contains(program)) {
      return Optional.empty();
    }
    return process;
  }

  private static void interrupt(ProcessHandle process) throws IOException {
    try {
      new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ended(ProcessHandle process, int seconds) {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
