package org.psidgateway.local;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Shows a developer, once per session, what to try first. */
@IfBuildProfile("dev")
@Singleton
class DevGreeting {
  private static final Logger LOG = Logger.getLogger(DevGreeting.class);
  private static final String GREETED = "psidgateway.local.greeted";

  void onHttpStart(@ObservesAsync HttpServerStart started) {
    if (System.setProperty(GREETED, "yes") == null) { // a property survives a live reload
      LOG.info(text("http://localhost:" + started.options().getPort()));
    }
  }

  static String text(String address) {
    return """
        Ready. Resolve a list: mapped, unmapped (…404), refused (…000), malformed

          curl -s %1$s/v1/pages/100/mappings/resolve -H 'Authorization: Bearer dev' \\
            -H 'Content-Type: application/json' \\
            -d '{"asids": ["10154673853349851", "1001789542988", "5550404", "5551000", "77x"]}'

        Look one of them up, and see what it all cost

          curl -s %1$s/v1/pages/100/mappings/1001789542988 -H 'Authorization: Bearer dev'
          curl -s %1$s/v1/quota -H 'Authorization: Bearer dev'

        All calls: %1$s/q/swagger-ui
        """
        .formatted(address);
  }
}
