package org.psidgateway.simulator;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The part of {@link SimulatorScript.Settings} that is about ID Matching and batches alone. */
public abstract class MatchingSettings {

  /** Where a batch reports its usage: in its own headers, or in those of each operation. */
  public enum UsagePlace {
    CALL,
    OPERATIONS,
    BOTH
  }

  /** What {@code page=} answers for a Page that isn't of the business. */
  public enum ForeignPage {
    NO_ROWS,
    /** Code 100. */
    INVALID,
    /** {@link SimulatorScript.Settings#notAllowedCode}. */
    NOT_ALLOWED
  }

  /** With the secret, the app's token: {@code app-id|app-secret}. */
  public String appId = "1";

  /** Pages of the business besides those with a token. */
  public Set<Long> businessPages = new TreeSet<>();

  /** Pages with a token that belong to another business: they have no rows here. */
  public Set<Long> foreignPages = new TreeSet<>();

  public ForeignPage foreignPage = ForeignPage.NO_ROWS;

  /** Operations in a batch, at most. */
  public int maxOperations = 50;

  /** Rows in one page of a list, if {@code limit} doesn't say. */
  public int rowsPerPage = 25;

  /** Rows in one page of a list, whatever {@code limit} says. */
  public int maxRowsPerPage = 100;

  /** So many pages without rows come first, each with a cursor to the next one. */
  public int emptyPages;

  /** A list without rows has <code>"paging":{}</code> instead of none. */
  public boolean emptyPaging;

  /** {@code page=} is ignored, and the rows of all Pages are given. */
  public boolean ignorePageFilter;

  /** Each row is there twice. */
  public boolean duplicateRows;

  /** The status of an operation is text: {@code "code":"200"}. */
  public boolean textCodes;

  public UsagePlace usagePlace = UsagePlace.BOTH;

  /**
   * Sent along with each operation of a batch, as they stand and in place of those the simulator
   * would send itself; those of a fault go before.
   */
  public Map<String, String> operationHeaders = new TreeMap<>();

  MatchingSettings() {}
}
