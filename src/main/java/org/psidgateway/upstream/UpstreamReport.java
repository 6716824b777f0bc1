package org.psidgateway.upstream;

import io.smallrye.config.common.utils.StringUtil;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.psidgateway.ops.StartReport;

/** Which upstream is asked, and where. */
@Singleton
@Priority(StartReport.UPSTREAM)
class UpstreamReport implements StartReport {
  private final UpstreamConfig config;

  UpstreamReport(UpstreamConfig config) {
    this.config = config;
  }

  @Override
  public String report() {
    String kind = StringUtil.skewer(config.kind().name()).toLowerCase(Locale.ROOT);
    return "upstream " + kind + " at " + config.baseUrl(); // UpstreamCheck: without a password
  }
}
