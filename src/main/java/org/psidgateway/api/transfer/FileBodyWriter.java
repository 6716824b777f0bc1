package org.psidgateway.api.transfer;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file piece by piece: the next one is asked for when the socket has taken the last one. If
 * the file fails, the connection is cut before the end of the body, so that no client takes what
 * came for the whole.
 */
@Provider
class FileBodyWriter implements ServerMessageBodyWriter<FileBody> {
  private static final Logger LOG = Logger.getLogger(FileBodyWriter.class);

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType mediaType) {
    return type == FileBody.class;
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return type == FileBody.class;
  }

  @Override
  public void writeResponse(FileBody file, Type generic, ServerRequestContext context) {
    ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
    request.suspend();
    context.serverResponse().setChunked(true);
    file.bytes().subscribe().withSubscriber(new Sending(request));
  }

  private static final class Sending implements Subscriber<byte[]> {
    private final ResteasyReactiveRequestContext request;
    private final ServerHttpResponse response;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Subscription source;

    Sending(ResteasyReactiveRequestContext request) {
      this.request = request;
      this.response = request.serverResponse();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      source = subscription;
      response.addCloseHandler(this::end);
      subscription.request(1);
    }

    @Override
    public void onNext(byte[] bytes) {
      if (bytes.length == 0) {
        next();
      } else {
        response
            .write(bytes)
            .whenComplete(
                (written, failure) -> {
                  if (failure == null) {
                    next();
                  } else {
                    end(); // the client is gone
                  }
                });
      }
    }

    private void next() {
      Subscription pieces = source;
      if (pieces != null) {
        pieces.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (ended.getAndSet(true)) {
        return;
      }
      if (!response.headWritten()) { // nothing was sent yet: there may be a proper answer
        response.removeResponseHeader(HttpHeaders.CONTENT_ENCODING);
        response.removeResponseHeader(HttpHeaders.CONTENT_TYPE);
        request.resume(failure, true);
        return;
      }
      LOG.infof("A file is cut short: %s", failure.getClass().getSimpleName());
      response.reset();
      request.close();
    }

    @Override
    public void onComplete() {
      if (!ended.getAndSet(true)) {
        response.end();
        request.close();
      }
    }

    private void end() {
      if (!ended.getAndSet(true)) {
        Subscription pieces = source;
        if (pieces != null) {
          pieces.cancel();
        }
        request.close();
      }
    }
  }

  @Override
  public void writeTo(
      FileBody file,
      Class<?> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream out) {
    throw new UnsupportedOperationException("files are sent without blocking");
  }
}
