package org.psidgateway.testing;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives spans as a collector does: OTLP over HTTP. */
public final class Collector implements AutoCloseable {
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final StringBuffer received = new StringBuffer();
  private final HttpServer server;

  public Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.append(new String(body, StandardCharsets.ISO_8859_1));
          ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpansList().stream())
              .forEach(scope -> spans.addAll(scope.getSpansList()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  /** A pod that sends each span at once. */
  public Pod.Settings fed(Pod.Settings pod) {
    return pod.with("quarkus.otel.sdk.disabled", "false")
        .with("quarkus.otel.exporter.otlp.protocol", "http/protobuf")
        .with(
            "quarkus.otel.exporter.otlp.endpoint",
            "http://localhost:" + server.getAddress().getPort())
        .with("quarkus.otel.bsp.schedule.delay", "PT0.05S");
  }

  public List<Span> spans() {
    return spans;
  }

  /** All that was sent, as it was sent. */
  public String received() {
    return received.toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
