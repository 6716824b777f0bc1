package org.psidgateway.api.door;

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

/** Takes bodies of any media type, and of none. They are short, so this runs on the event loop. */
@Provider
@Consumes(MediaType.WILDCARD)
class DoorBodyReader implements ServerMessageBodyReader<DoorBody> {

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType mediaType) {
    return type == DoorBody.class;
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return type == DoorBody.class;
  }

  @Override
  public DoorBody readFrom(
      Class<DoorBody> type, Type generic, MediaType mediaType, ServerRequestContext context)
      throws IOException {
    return DoorBody.read(context.getInputStream());
  }

  @Override
  public DoorBody readFrom(
      Class<DoorBody> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return DoorBody.read(body);
  }
}
