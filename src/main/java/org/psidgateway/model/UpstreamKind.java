package org.psidgateway.model;

/** What is asked about unknown ids. Of the two protocols, what one said does not bind the other. */
public enum UpstreamKind {
  /** {@code POST /pages_id_mapping}, retired by now. */
  PAGES_ID_MAPPING,
  /** {@code GET /{asid}/ids_for_pages}, in Graph batches. */
  ID_MATCHING,
  /** Nothing: an archive, for which the last word of either stands for good. */
  NONE
}
