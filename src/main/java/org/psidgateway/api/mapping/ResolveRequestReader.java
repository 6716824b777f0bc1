package org.psidgateway.api.mapping;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Parses resolve requests before the resource sees them. Runs on the event loop for bodies that fit
 * {@code quarkus.rest.input-buffer-size}, which is the size of the longest acceptable one; longer
 * ones, only read to be refused, are streamed on a worker thread.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
class ResolveRequestReader implements ServerMessageBodyReader<ResolveRequest> {
  private final ApiConfig config;

  ResolveRequestReader(ApiConfig config) {
    this.config = config;
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType mediaType) {
    return type == ResolveRequest.class;
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return type == ResolveRequest.class;
  }

  @Override
  public ResolveRequest readFrom(
      Class<ResolveRequest> type, Type generic, MediaType mediaType, ServerRequestContext context)
      throws IOException {
    return ResolveRequestParser.parse(context.getInputStream(), config.maxIds());
  }

  @Override
  public ResolveRequest readFrom(
      Class<ResolveRequest> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return ResolveRequestParser.parse(body, config.maxIds());
  }
}
