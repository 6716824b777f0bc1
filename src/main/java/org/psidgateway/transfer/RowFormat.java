package org.psidgateway.transfer;

import java.util.Arrays;
import java.util.List;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.PageView.Piece;
import org.psidgateway.transfer.rows.ClosingRow;

/**
 * How rows of a Page leave: their two ids and the status, and nothing that differs from one
 * deployment to the next. So a Page that was moved gives the same bytes again.
 */
final class RowFormat {
  private static final List<String> COLUMNS = List.of("asid", "psid", "status");

  static final RowFormat CSV =
      new RowFormat(
          String.join(",", COLUMNS) + "\n",
          new String[] {"", ",", "", "", ",", "\n"},
          (count, sha256) -> ClosingRow.csv(count, sha256, COLUMNS.size()));

  static final RowFormat NDJSON =
      new RowFormat(
          "",
          new String[] {"{\"asid\":\"", "\",\"psid\":", "\"", "null", ",\"status\":\"", "\"}\n"},
          ClosingRow::ndjson);

  private interface Closing {
    byte[] of(long count, byte[] sha256);
  }

  private static final int LONGEST_ROW = 80;

  private final byte[] header;
  private final byte[] asid;
  private final byte[] psid;
  private final byte[] quote;
  private final byte[] none;
  private final List<byte[]> ends;
  private final Closing closing;

  /**
   * @param texts before the ASID, before the PSID, around the PSID, instead of one, before the
   *     status, at the end
   */
  private RowFormat(String header, String[] texts, Closing closing) {
    this.header = AsciiBytes.constant(header);
    this.asid = AsciiBytes.constant(texts[0]);
    this.psid = AsciiBytes.constant(texts[1]);
    this.quote = AsciiBytes.constant(texts[2]);
    this.none = AsciiBytes.constant(texts[3]);
    this.ends =
        Arrays.stream(Fate.Status.values())
            .map(status -> AsciiBytes.constant(texts[4] + status.wireName() + texts[5]))
            .toList();
    this.closing = closing;
  }

  byte[] header() {
    return header;
  }

  byte[] closing(long count, byte[] sha256) {
    return closing.of(count, sha256);
  }

  /**
   * @param passed how many of the rows the receiver has
   */
  RowSource.Rows rows(Piece piece, int passed) {
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
    return new RowSource.Rows(
        bytes.array(),
        passed >= piece.size() ? bytes.length() : from,
        bytes.length(),
        piece.size(),
        piece.end());
  }
}
