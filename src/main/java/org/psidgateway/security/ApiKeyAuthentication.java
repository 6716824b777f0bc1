package org.psidgateway.security;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.logging.MDC;

/**
 * {@code Authorization: Bearer <API key>}. An unknown key is not refused here: another mechanism
 * may know it.
 */
@Singleton
class ApiKeyAuthentication implements HttpAuthenticationMechanism {
  private static final String LOG_KEY = "caller";

  private final Callers callers;

  ApiKeyAuthentication(Callers callers) {
    this.callers = callers;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identityProviderManager) {
    if (!Access.presentsKey(context)) {
      return Uni.createFrom().nullItem();
    }
    String header = context.request().getHeader(HttpHeaderNames.AUTHORIZATION);
    SecurityIdentity caller = callers.identify(header.substring(Access.SCHEME.length()).strip());
    if (caller != null) {
      MDC.put(LOG_KEY, caller.getPrincipal().getName());
    }
    return Uni.createFrom().item(caller);
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom()
        .item(new ChallengeData(401, HttpHeaderNames.WWW_AUTHENTICATE, Access.challenge(context)));
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
  }
}
