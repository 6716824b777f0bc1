package org.psidgateway.k8s;

import java.util.List;
import java.util.Map;

/** As much of the External Secrets operator's type as is used here. */
record ExternalSecret(String apiVersion, String kind, Metadata metadata, Spec spec) {

  record Metadata(String name, Map<String, String> labels) {}

  record Spec(String refreshInterval, Store secretStoreRef, Target target, List<Entry> data) {}

  record Store(String kind, String name) {}

  record Target(String name, String creationPolicy, String deletionPolicy) {}

  record Entry(String secretKey, Remote remoteRef) {}

  record Remote(String key, String property) {}
}
