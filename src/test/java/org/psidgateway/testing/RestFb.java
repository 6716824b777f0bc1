package org.psidgateway.testing;

import com.restfb.DefaultFacebookClient;
import com.restfb.FacebookEndpoints;
import com.restfb.Version;

/** RestFB, a public client of the Graph API, which nobody here wrote. */
public final class RestFb {
  private RestFb() {}

  /**
   * A client of what answers at {@code baseUrl}.
   *
   * @param timed whether its proofs hold the time
   */
  public static DefaultFacebookClient client(
      String baseUrl, String token, String secret, boolean timed) {
    DefaultFacebookClient client =
        new DefaultFacebookClient(token, secret, Version.LATEST) {
          @Override
          public boolean isAppSecretProofWithTime() {
            return timed;
          }
        };
    client.setFacebookEndpointUrls(
        new FacebookEndpoints() {
          @Override
          public String getGraphEndpoint() {
            return baseUrl;
          }
        });
    return client;
  }
}
