package org.psidgateway.upstream;

import io.smallrye.config.common.utils.StringUtil;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.ops.StartReport;

/** Which upstream is asked, and where; or that none is. */
@Singleton
@Priority(StartReport.UPSTREAM)
class UpstreamReport implements StartReport {
  private final UpstreamConfig config;

  UpstreamReport(UpstreamConfig config) {
    this.config = config;
  }

  @Override
  public String report() {
    if (config.kind() == UpstreamKind.NONE) {
      return "upstream none: an archive, unknown ids fail with window_closed";
    }
    String kind = StringUtil.skewer(config.kind().name()).toLowerCase(Locale.ROOT);
    return "upstream " + kind + " at " + config.baseUrl(); // UpstreamCheck: without a password
  }
}
