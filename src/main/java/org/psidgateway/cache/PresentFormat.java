package org.psidgateway.cache;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.secrets.SecretKeys;

/** The format of the deployment that the database belongs to now. Thread-safe. */
final class PresentFormat implements Supplier<RedisFormat> {
  private final Deployment deployment;
  private final SecretKeys secrets;
  private final UpstreamKind upstream;
  private volatile @Nullable RedisFormat latest;

  PresentFormat(Deployment deployment, SecretKeys secrets, UpstreamKind upstream) {
    this.deployment = deployment;
    this.upstream = upstream;
    this.secrets = secrets;
  }

  @Override
  public RedisFormat get() {
    long id = deployment.id();
    RedisFormat format = latest;
    if (format == null || !format.isOf(id)) {
      format = new RedisFormat(id, secrets.derived("redis", id), upstream);
      latest = format;
    }
    return format;
  }
}
