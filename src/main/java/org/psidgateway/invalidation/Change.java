package org.psidgateway.invalidation;

/**
 * What one row says; that of a person, once for each Page.
 *
 * @param xid who wrote it
 * @param page 0 for a person where no Page is registered
 * @param asid 0 for a Page
 */
record Change(long seq, long xid, String what, long page, long asid) {
  static final String PAGE = "page";
  static final String MAPPING = "mapping";
  static final String PERSON = "person";
}
