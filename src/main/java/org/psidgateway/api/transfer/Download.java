package org.psidgateway.api.transfer;

import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;

/**
 * How a request says what it wants of a file, and how the file is answered.
 *
 * @param passed how many data rows the client has already
 */
public record Download(boolean gzip, long passed) {
  private static final Pattern ROWS = Pattern.compile("0|[1-9][0-9]{0,17}");

  /** Throws the problem of parameters that can't be. */
  public static Download of(
      RoutingContext context, @Nullable String after, @Nullable String snapshot) {
    return new Download(
        acceptsGzip(context.request().headers().getAll(HttpHeaders.ACCEPT_ENCODING)),
        after == null ? 0 : passed(after, snapshot));
  }

  private static long passed(String after, @Nullable String snapshot) {
    if (!ROWS.matcher(after).matches()) {
      throw Problem.parameter("after", "must be the number of data rows received so far");
    }
    if (snapshot == null) {
      throw Problem.parameter("snapshot", "is required with after: the Gateway-Snapshot so far");
    }
    return Long.parseLong(after);
  }

  /** Without weights: whoever names it with a q of 0 does not want it. */
  private static boolean acceptsGzip(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Pattern.compile(",").splitAsStream(header))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .anyMatch(coding -> coding.matches("gzip(\\s*;\\s*q=(1(\\.0*)?|0?\\.\\d*[1-9]\\d*))?"));
  }

  /** For a snapshot that was given out for another query. */
  public static Problem otherSnapshot() {
    return Problem.parameter("snapshot", "is not the Gateway-Snapshot of this query");
  }

  public static String csv(boolean header) {
    return "text/csv; charset=utf-8; header=" + (header ? "present" : "absent");
  }

  /**
   * @param bytes gzipped if that is wanted
   * @param snapshot to go on with
   */
  public RestResponse<FileBody> response(Multi<byte[]> bytes, String contentType, String snapshot) {
    RestResponse.ResponseBuilder<FileBody> response =
        RestResponse.ResponseBuilder.ok(new FileBody(bytes))
            .header(HttpHeaders.CONTENT_TYPE, contentType)
            .header("Gateway-Snapshot", snapshot)
            .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
            .header(HttpHeaders.VARY, "Accept, Accept-Encoding");
    if (gzip) {
      response.header(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    return response.build();
  }
}
