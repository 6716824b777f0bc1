package org.psidgateway.api.mapping;

import org.psidgateway.model.LongHash;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.Verdict;

/** A weak validator of one mapping. */
final class MappingETag {
  private MappingETag() {}

  /**
   * Changes whenever the upstream has answered anew; for good once there is a PSID, which never
   * changes. Weak, since it does not depend on where the answer came from: the mapping is the same
   * from the cache and from the store, though its bytes say which.
   */
  static String of(Mapping mapping) {
    long hash = LongHash.mix(mapping.page().value());
    hash = LongHash.mix(hash ^ mapping.asid());
    hash = LongHash.mix(hash ^ mapping.verdict());
    if (!Verdict.isPsid(mapping.verdict())) {
      hash = LongHash.mix(hash ^ mapping.checkedAt().getEpochSecond());
    }
    return "W/\"" + Long.toHexString(hash) + "\"";
  }
}
