package org.psidgateway.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.PageView.Piece;
import org.psidgateway.transfer.rows.ClosingRow;

/**
 * How rows of a Page leave: their two ids and the status, and nothing that differs from one
 * deployment to the next. So a Page that was moved gives the same bytes again.
 */
enum RowFormat {
  CSV("", ",", ",", "\n", "") {
    @Override
    byte[] header() {
      return AsciiBytes.constant(String.join(",", COLUMNS) + "\n");
    }

    @Override
    byte[] closing(long count, byte[] sha256) {
      return ClosingRow.csv(count, sha256, COLUMNS.size());
    }
  },
  NDJSON("{\"asid\":\"", "\",\"psid\":", ",\"status\":\"", "\"}\n", "\"") {
    @Override
    byte[] header() {
      return new byte[0];
    }

    @Override
    byte[] closing(long count, byte[] sha256) {
      return ClosingRow.ndjson(count, sha256);
    }
  };

  private static final List<String> COLUMNS = List.of("asid", "psid", "status");
  private static final int LONGEST_ROW = 80;

  private final byte[] asid;
  private final byte[] psid;
  private final byte[] quote;
  private final byte[] none;
  private final List<byte[]> ends;

  RowFormat(String asid, String psid, String status, String end, String quote) {
    this.asid = AsciiBytes.constant(asid);
    this.psid = AsciiBytes.constant(psid);
    this.quote = AsciiBytes.constant(quote);
    this.none = AsciiBytes.constant(quote.isEmpty() ? "" : "null");
    this.ends =
        Arrays.stream(Fate.Status.values())
            .map(value -> AsciiBytes.constant(status + value.wireName() + end))
            .collect(Collectors.toList());
  }

  /** Bytes of some rows; those that the receiver lacks begin at {@code from}. */
  record Bytes(byte[] all, int from, int length) {}

  abstract byte[] header();

  abstract byte[] closing(long count, byte[] sha256);

  /**
   * @param passed how many of the rows the receiver has
   */
  Bytes rows(Piece piece, int passed) {
    AsciiBytes bytes = new AsciiBytes(piece.size() * LONGEST_ROW + 1);
    int from = 0;
    for (int i = 0; i < piece.size(); i++) {
      from = i == passed ? bytes.length() : from;
      long verdict = piece.verdicts()[i];
      bytes.add(asid).number(piece.asids()[i]).add(psid);
      if (Verdict.isPsid(verdict)) {
        bytes.add(quote).number(verdict).add(quote);
      } else {
        bytes.add(none);
      }
      bytes.add(ends.get(Verdict.fate(verdict).status().ordinal()));
    }
    return new Bytes(bytes.array(), passed >= piece.size() ? bytes.length() : from, bytes.length());
  }
}
