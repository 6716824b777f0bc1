package org.psidgateway.upstream;

import io.vertx.core.net.KeyStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new key of {@code 127.0.0.1}, in place of the authorities that this JVM trusts. */
final class TestKey implements AutoCloseable {
  private static final String TRUST = "javax.net.ssl.trustStore";
  private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";
  private static final String PASSWORD = "changeit";

  private final Path store;

  private TestKey(Path store) {
    this.store = store;
  }

  static TestKey trustedByThisJvm() throws IOException, InterruptedException {
    Path store = Files.createTempDirectory("key").resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String arguments =
        "-genkeypair -alias key -keyalg EC -groupname secp256r1 -dname CN=test -validity 2"
            + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass "
            + PASSWORD;
    ProcessBuilder process = new ProcessBuilder(arguments.split(" "));
    process.command().add(0, keytool);
    process.command().add("-keystore");
    process.command().add(store.toString());
    process.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    if (process.start().waitFor() != 0) {
      throw new IllegalStateException("keytool made no key");
    }
    System.setProperty(TRUST, store.toString());
    System.setProperty(TRUST_PASSWORD, PASSWORD);
    return new TestKey(store);
  }

  KeyStoreOptions options() {
    return new KeyStoreOptions().setType("PKCS12").setPath(store.toString()).setPassword(PASSWORD);
  }

  @Override
  public void close() {
    System.clearProperty(TRUST);
    System.clearProperty(TRUST_PASSWORD);
    try {
      Files.delete(store);
      Files.delete(store.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
