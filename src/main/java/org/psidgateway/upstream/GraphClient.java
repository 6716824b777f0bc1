package org.psidgateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Makes the requests: forms, posted to one path. Thread-safe. */
final class GraphClient {

  /**
   * A connection that the other side, or a firewall, drops just as it is used again makes a call
   * uncertain, while a new handshake costs two round trips of a call that takes seconds. So
   * connections are kept for calls that come back to back, and no longer.
   */
  private static final int KEEP_ALIVE_SECONDS = 2;

  private final HttpClient http;
  private final RequestOptions options;

  GraphClient(Vertx vertx, UpstreamConfig config, String path) {
    int connectMillis =
        (int) Math.min(config.connectTimeout().toMillis(), config.timeout().toMillis());
    URI base = config.baseUrl();
    boolean tls = "https".equals(base.getScheme());
    this.options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setSsl(tls)
            .setHost(base.getHost())
            .setPort(base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80)
            .setURI(path(base, config.version(), path))
            .setConnectTimeout(connectMillis)
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
            .putHeader(HttpHeaders.ACCEPT, "application/json");
    HttpClientOptions settings =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout(connectMillis)
            .setSslHandshakeTimeout(connectMillis)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setPipelining(false)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setTracingPolicy(TracingPolicy.IGNORE);
    config
        .proxy()
        .ifPresent(
            proxy ->
                settings.setProxyOptions(
                    new ProxyOptions()
                        .setType(ProxyType.HTTP)
                        .setHost(proxy.getHost())
                        .setPort(proxy.getPort())
                        .setConnectTimeout(Duration.ofMillis(connectMillis))));
    this.http =
        vertx
            .httpClientBuilder()
            .with(settings)
            .with(new PoolOptions().setHttp1MaxSize(config.concurrency()))
            // Calls notice it by themselves; unhandled, it would be logged with what was received.
            .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
            .build();
  }

  /** One that sends the fields in their order. */
  Exchange exchange(Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return new Exchange(http, new RequestOptions(options), Buffer.buffer(body));
  }

  void close() {
    http.close();
  }

  private static String path(URI base, Optional<String> version, String path) {
    String prefix = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    return prefix + version.map(v -> "/" + v).orElse("") + "/" + path;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
