package org.psidgateway.testing;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Whose PostgreSQL a test runs on. */
public enum PostgresBinaries {
  /** The one from Maven Central: the newest, and without a JIT. */
  EMBEDDED {
    @Override
    PgBinaryResolver resolver() {
      return DefaultPostgresBinaryResolver.INSTANCE;
    }
  },

  /** The distribution's, {@link Program#POSTGRES}, which compiles what it thinks costly. */
  FOREIGN {
    @Override
    PgBinaryResolver resolver() {
      return (system, architecture) -> links(Program.POSTGRES.path().getParent());
    }
  };

  abstract PgBinaryResolver resolver();

  /** The archive that is asked for holds links to what is there already. */
  private static InputStream links(Path folder) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new XZOutputStream(archive, new LZMA2Options()))) {
      put(tar, new TarArchiveEntry("bin/"));
      for (String program : new String[] {"initdb", "pg_ctl", "postgres"}) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + program, TarConstants.LF_SYMLINK);
        link.setLinkName(folder.resolve(program).toString());
        put(tar, link);
      }
    }
    return new ByteArrayInputStream(archive.toByteArray());
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
    entry.setModTime(0L); // the same archive each time, which is unpacked once
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
