package org.psidgateway.api.mapping;

import org.psidgateway.model.Lane;

/**
 * An acceptable body of a resolve request.
 *
 * @param asids the well-formed ids, distinct, in the order they first came
 * @param malformed the malformed ones: answered, never sent anywhere
 * @param requested how many ids the list held, duplicates included
 */
record ResolveRequest(
    long[] asids,
    MalformedIds malformed,
    int requested,
    boolean knownOnly,
    Lane lane,
    boolean idsMayBePsids) {

  int distinct() {
    return asids.length + malformed.size();
  }
}
