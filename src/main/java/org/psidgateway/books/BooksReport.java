package org.psidgateway.books;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.StartReport;

/** What is left of the quota and of the window; a window that is closed is a warning of its own. */
@Singleton
@Priority(StartReport.BOOKS)
class BooksReport implements StartReport {
  private static final Logger LOG = Logger.getLogger(BooksReport.class);

  private final Books books;
  private final Bookkeeper bookkeeper;
  private final Tariff tariff;

  BooksReport(Books books, Bookkeeper bookkeeper, Tariff tariff) {
    this.books = books;
    this.bookkeeper = bookkeeper;
    this.tariff = tariff;
  }

  @Override
  public String report() throws SQLException {
    QuotaReport quota = books.quota();
    String left =
        quota.limit() == null
            ? "no quota"
            : "quota %d of %d left".formatted(quota.remaining(), quota.limit());
    return left + ", " + window(books.window());
  }

  private String window(WindowReport window) {
    if (tariff.isSealed()) {
      return "window sealed"; // which is meant, and the upstream's part says so
    }
    if (window.state() == WindowReport.State.SEALED) {
      LOG.warnf(
          "The upstream's window closed at %s: no unknown id is converted any more. If that is"
              + " wrong, see gateway.window.approved-on and gateway.window.closed-on",
          window.closesAt());
      bookkeeper.sealedAtStart();
      return "window closed at " + window.closesAt();
    }
    return window.closesAt() == null
        ? "window open without an end"
        : "window open until %s (%d days)".formatted(window.closesAt(), window.daysRemaining());
  }
}
