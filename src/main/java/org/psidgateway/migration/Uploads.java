package org.psidgateway.migration;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.migration.list.View;
import org.psidgateway.model.PageId;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Takes lists in: each idempotency key makes one migration, however often it is sent, and a list
 * that does not come whole leaves nothing. Methods block. Thread-safe.
 */
@Singleton
public class Uploads {
  /** Rows of one list. */
  public static final long MOST_ROWS = 5_000_000;

  /** Bytes of one list, unpacked. */
  public static final long MOST_BYTES = 512L << 20;

  /** Whose list it is. The key is the caller's own, for this Page. */
  public record Owner(String caller, PageId page, String key) {}

  /**
   * How the list is to be read.
   *
   * @param column the name of the column with the ASID; null for the usual one
   * @param separator null if it is to be found out
   */
  public record Form(
      FileFormat format, boolean gzip, @Nullable String column, @Nullable Character separator) {}

  /**
   * What came of it.
   *
   * @param replayed whether the key has made the migration before
   */
  public record Receipt(Migration migration, boolean replayed) {}

  /**
   * Makes a migration of a list, or finds the one that it has made before.
   *
   * @param promised the SHA-256 that the caller gave of the body; null for none. With it, a replay
   *     is answered before the body is read
   * @throws UnderWay if another request with this key is at it
   * @throws OtherBody if the key has made a migration of other bytes
   * @throws Damaged if the body is not the one that was promised
   * @throws IOException if the body breaks off or can't be read: nothing of it is kept
   */
  public Receipt receive(
      Owner owner, Form form, Settings settings, InputStream body, byte @Nullable [] promised)
      throws IOException, SQLException {
    throw new UnsupportedOperationException();
  }

  /** What the migration would be, with its bill; nothing is kept. {@code id} is null. */
  public Migration dryRun(
      String caller,
      PageId page,
      Form form,
      Settings settings,
      InputStream body,
      byte @Nullable [] promised)
      throws IOException, SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a follow-up of the rows of an ended migration that fit {@code views}, with its settings.
   *
   * @param views of {@code FAILED} and {@code NOT_ATTEMPTED}
   * @throws IllegalTransition if the parent has not ended
   * @throws UnderWay, OtherBody as for {@link #receive}
   */
  public Receipt retry(Migration parent, Set<View> views, String caller, String key)
      throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** Another request with the same key is at it; worth another try soon. */
  public static final class UnderWay extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnderWay() {
      super("an upload with this key is under way", null, false, false);
    }
  }

  /** The key belongs to other bytes. */
  public static final class OtherBody extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherBody() {
      super("the key belongs to other bytes", null, false, false);
    }
  }

  /** The body is not the one that was promised. */
  public static final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Damaged() {
      super("the body is not the one that was promised", null, false, false);
    }
  }

  /** Enough lists are under way in this process; worth another try soon. */
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Busy() {
      super("enough lists are under way", null, false, false);
    }
  }
}
