package org.psidgateway.transfer;

import java.sql.SQLException;
import org.psidgateway.store.PageView;
import org.psidgateway.store.PageView.Piece;

/** All that is known of a Page, by ascending ASID. */
final class PageRows implements RowSource {
  private static final int ROWS_AT_ONCE = 10_000;

  private final PageView view;
  private final PageView.Query query;
  private final long asOf;
  private final RowFormat format;
  private long last;

  PageRows(PageView view, PageView.Query query, long asOf, RowFormat format) {
    this.view = view;
    this.query = query;
    this.asOf = asOf;
    this.format = format;
  }

  @Override
  public byte[] header() {
    return format.header();
  }

  @Override
  public Rows next(long passed) throws SQLException {
    Piece piece = view.piece(query, last, asOf, ROWS_AT_ONCE, false);
    last = piece.last();
    return format.rows(piece, (int) Math.min(passed, piece.size()));
  }

  /** What has changed meanwhile may have been read, or not. */
  @Override
  public boolean stands() throws SQLException {
    return view.stands(query, asOf);
  }

  @Override
  public byte[] closing(long count, byte[] sha256) {
    return format.closing(count, sha256);
  }
}
