package org.psidgateway.api.problem;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Where the {@code type} of a problem leads. Everybody may read it. */
@Path("/problems/{name}")
class ExplanationResource {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>%1$s</title></head>
      <body>
      <h1>%1$s</h1>
      <p>Problem type <code>%2$s</code>, usually with status %3$d</p>
      <h2>What it means</h2>
      <p>%4$s</p>
      <h2>What to do</h2>
      <p>%5$s</p>
      <h2>Whether to retry</h2>
      <p>%6$s</p>
      </body>
      </html>
      """;

  private final Map<String, Explanation> byName = new TreeMap<>();

  ExplanationResource() {
    for (ProblemType type : ProblemType.values()) {
      byName.put(type.slug(), Explanation.of(type));
    }
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Explanation json(@RestPath String name) {
    return find(name);
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public String html(@RestPath String name) {
    Explanation found = find(name);
    return PAGE.formatted(
        found.title(),
        found.type(),
        found.status(),
        escaped(found.meaning()),
        escaped(found.whatToDo()),
        found.retry()
            ? "Yes: the same request may succeed later."
            : "No: the same request would be refused again until something is changed.");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private Explanation find(String name) {
    @Nullable Explanation found = byName.get(name);
    if (found == null) {
      throw ProblemMappers.notFound();
    }
    return found;
  }
}
