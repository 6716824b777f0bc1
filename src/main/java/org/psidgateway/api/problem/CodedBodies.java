package org.psidgateway.api.problem;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses bodies with a {@code Content-Encoding}, but for gzip where a call {@link TakesGzip}. */
class CodedBodies {
  private static final String NONE = "identity";
  private static final String GZIP = "gzip";

  /** The form of a coding's name; anything else is not repeated. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z-]{0,19}");

  @ServerRequestFilter
  public void refuse(ContainerRequestContext request, ResourceInfo called) {
    String coding = request.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    boolean coded = coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase(NONE);
    if (coded && hasBody(request)) {
      boolean gzip = called.getResourceMethod().isAnnotationPresent(TakesGzip.class);
      if (gzip && coding.strip().equalsIgnoreCase(GZIP)) {
        return;
      }
      String named = NAME.matcher(coding).matches() ? " " + coding.toLowerCase(Locale.ROOT) : "";
      throw Problem.of(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "This call does not take the content coding" + named + ". Send the body as it is.")
          .header(HttpHeaders.ACCEPT_ENCODING, gzip ? GZIP : NONE);
    }
  }

  private static boolean hasBody(ContainerRequestContext request) {
    String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : request.getHeaderString("Transfer-Encoding") != null;
  }
}
