package org.psidgateway.migration;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/**
 * Looks at migrations, and steers them: what is asked for is committed when a method returns, and
 * kept to by every pod from then on, whoever works on the migration. Methods block, and fail while
 * PostgreSQL is away. Thread-safe.
 */
@Singleton
public class Migrations {

  /** Which ones are wanted; null and empty: all. */
  public record Filter(@Nullable PageId page, @Nullable State state, Map<String, String> labels) {}

  /** Empty if there is none. */
  public Optional<Migration> find(MigrationId id) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * The newest first, without their histories; those older than {@code before}, if that is given.
   */
  public List<Migration> list(Filter filter, @Nullable MigrationId before, int most)
      throws SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * Changes what is asked for; nothing at all if it is so already.
   *
   * @param by the caller's name, for the diary
   * @param ifRevision the revision that the caller has seen; empty: any
   * @throws IllegalTransition if that can't be asked in the present state
   * @throws OtherRevision if it has another revision
   */
  public Optional<Migration> change(
      MigrationId id, Change change, String by, OptionalLong ifRevision) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes one that has ended, with its list; false if there is none. Mappings stay.
   *
   * @throws IllegalTransition if it has not ended
   */
  public boolean delete(MigrationId id) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** The migration has changed since the caller saw it. */
  public static final class OtherRevision extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherRevision() {
      super("another revision", null, false, false);
    }
  }
}
