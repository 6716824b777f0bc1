package org.psidgateway.transfer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.psidgateway.store.Stores;
import org.psidgateway.time.Ticker;

/** Files for tests of other packages. */
public final class Files {
  private Files() {}

  public static Exports over(DataSource dataSource) {
    return new Exports(
        Stores.view(dataSource), new TransferMeters(new SimpleMeterRegistry()), Ticker.system());
  }

  /** What would be sent of a file. */
  public static byte[] bytes(RowSource rows, boolean gzip, long after)
      throws SQLException, IOException {
    ExportStream stream =
        new ExportStream(rows, gzip, after, new TransferMeters(new SimpleMeterRegistry()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] bytes = stream.next(); bytes != null; bytes = stream.next()) {
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }
}
