package org.psidgateway.migration;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.UploadRefused.Why;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.NewList;
import org.psidgateway.migration.list.View;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Sha256;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.RowReader;

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

  private static final int MOST_AT_ONCE = 4;

  private final Lists lists;
  private final Migrations migrations;
  private final Intake intake;
  private final InstantSource clock;
  private final Instance<Preview> preview;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  Uploads(
      Transactions transactions,
      Lists lists,
      Migrations migrations,
      InstantSource clock,
      Instance<Preview> preview) {
    this.lists = lists;
    this.migrations = migrations;
    this.intake = new Intake(transactions, lists, migrations, clock);
    this.clock = clock;
    this.preview = preview;
  }

  /** Whose list it is. The key is the caller's own, for this Page. */
  public record Owner(String caller, PageId page, String key) {}

  /**
   * How the list is to be read.
   *
   * @param column the name of the column with the ASID; null for the usual one
   * @param separator null if it is to be found out
   */
  public record Form(
      FileFormat format, boolean gzip, @Nullable String column, @Nullable Character separator) {
    RowReader.Options options() {
      return new RowReader.Options(
          format,
          gzip,
          List.of(column == null ? "asid" : column),
          column != null,
          separator,
          MOST_ROWS,
          MOST_BYTES);
    }
  }

  /**
   * What came of it.
   *
   * @param replayed whether the key has made the migration before
   */
  public record Receipt(Migration migration, boolean replayed) {}

  /** Works out what a migration of a list would be; whoever works on migrations knows how. */
  @FunctionalInterface
  public interface Preview {
    /** {@code id} is null. The list is the caller's, who drops it. */
    Migration of(long listNo, Content content, PageId page, String caller, Settings settings)
        throws SQLException;
  }

  /** Where the rows of a new list come from. */
  @FunctionalInterface
  interface Source {
    Read into(NewList list) throws IOException, SQLException;
  }

  /**
   * A list that has come in.
   *
   * @param sha256 of what has made it
   */
  record Read(Content content, byte[] sha256) {}

  /**
   * Makes a migration of a list, or finds the one that it has made before.
   *
   * @param promised the SHA-256 that the caller gave of the body; null for none. With it, a replay
   *     is answered before the body is read
   * @throws UploadRefused if the key, the body or the Page is not as it has to be, or there is no
   *     room: nothing of it is kept
   * @throws IOException if the body breaks off or can't be read: nothing of it is kept
   */
  public Receipt receive(
      Owner owner, Form form, Settings settings, InputStream body, byte @Nullable [] promised)
      throws IOException, SQLException {
    Digested bytes = new Digested(body);
    Intake.Sameness sameness = () -> promised == null ? bytes.end(MOST_BYTES) : promised;
    return intake.take(
        owner, settings, null, sameness, list -> placed(() -> read(list, form, bytes, promised)));
  }

  private static Read read(NewList list, Form form, Digested bytes, byte @Nullable [] promised)
      throws IOException, SQLException {
    Content content = list.read(bytes, form.options());
    byte[] sha256 = ended(bytes, promised);
    if (content.received() == 0) {
      throw new UploadRefused(Why.EMPTY);
    }
    return new Read(content, sha256);
  }

  private static byte[] ended(Digested bytes, byte @Nullable [] promised) throws IOException {
    byte[] sha256 = bytes.end(Long.MAX_VALUE); // nothing that belongs to the list is left
    if (sha256 == null || promised != null && !Arrays.equals(sha256, promised)) {
      throw new UploadRefused(Why.DAMAGED);
    }
    return sha256;
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
    settings.requireTime(clock.instant());
    return placed(
        () -> {
          try (NewList list = lists.create()) {
            Content content = read(list, form, new Digested(body), promised).content();
            return preview.get().of(list.no(), content, page, caller, settings);
          }
        });
  }

  /**
   * Makes a follow-up of the rows of an ended migration that fit {@code views}, with its settings.
   *
   * @param views of {@code FAILED} and {@code NOT_ATTEMPTED}
   * @throws IllegalTransition if the parent has not ended
   * @throws UploadRefused as for {@link #receive}, or if it is deleted meanwhile
   */
  public Receipt retry(Migration parent, Set<View> views, String caller, String key)
      throws SQLException {
    if (!parent.state().isEnd()) {
      throw new IllegalTransition(parent.state(), parent.state().legal());
    }
    MigrationId id = Objects.requireNonNull(parent.id());
    byte[] sha256 =
        Sha256.digest()
            .digest(("retry " + id + " " + new TreeSet<>(views)).getBytes(StandardCharsets.UTF_8));
    try {
      return intake.take(
          new Owner(caller, parent.page(), key),
          inherited(parent.settings()),
          id,
          () -> sha256,
          list -> placed(() -> new Read(copy(list, id, views), sha256)));
    } catch (IOException e) {
      throw new IllegalStateException("no body is read", e);
    }
  }

  private Content copy(NewList list, MigrationId parent, Set<View> views) throws SQLException {
    MigrationRow row = migrations.row(parent).orElseThrow(() -> new UploadRefused(Why.NO_PARENT));
    try {
      return list.copy(row.listNo(), row.content(), views);
    } catch (SQLException e) {
      if (migrations.row(parent).isEmpty()) {
        throw new UploadRefused(Why.NO_PARENT);
      }
      throw e;
    }
  }

  /** The rule of confirmations applies anew. */
  private Settings inherited(Settings parent) {
    boolean passed = parent.deadline() != null && !parent.deadline().isAfter(clock.instant());
    return new Settings(
        parent.name(),
        parent.labels(),
        null,
        passed ? null : parent.deadline(),
        parent.quotaCap(),
        parent.share(),
        parent.canaryIds(),
        parent.canaryMaxInvalidRatio(),
        parent.maxInvalidRatio());
  }

  private interface Taking<T> {
    T run() throws IOException, SQLException;
  }

  private <T> T placed(Taking<T> taking) throws IOException, SQLException {
    if (!places.tryAcquire()) {
      throw new UploadRefused(Why.BUSY);
    }
    try {
      return taking.run();
    } finally {
      places.release();
    }
  }
}
