package org.psidgateway.model;

/** The protocols that an upstream may speak. What one said does not bind the other. */
public enum UpstreamKind {
  /** {@code POST /pages_id_mapping}, retired by now. */
  PAGES_ID_MAPPING,
  /** {@code GET /{asid}/ids_for_pages}, in Graph batches. */
  ID_MATCHING
}
