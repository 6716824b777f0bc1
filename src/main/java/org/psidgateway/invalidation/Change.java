package org.psidgateway.invalidation;

/**
 * What one row says; a row about a person becomes one change per Page.
 *
 * @param xid the transaction that wrote it
 * @param page 0 for a person if no Page is registered
 * @param asid 0 for a Page
 */
record Change(long seq, long xid, String what, long page, long asid) {
  static final String PAGE = "page";
  static final String MAPPING = "mapping";
  static final String PERSON = "person";
}
