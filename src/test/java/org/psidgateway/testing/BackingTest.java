package org.psidgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class BackingTest {

  @Test
  void freshDatabase_isMigratedAndEmpty_whateverAnotherOneHolds() throws SQLException {
    Backing.Database used = Backing.freshDatabase();
    ask(used, "insert into page (page_id) values (100) returning page_id");

    Backing.Database fresh = Backing.freshDatabase();

    assertThat(ask(used, "select count(*) from page")).isEqualTo("1");
    assertThat(ask(fresh, "select count(*) from page")).isEqualTo("0");
  }

  @Test
  void database_isPostgres17_awayFromUtc() throws SQLException {
    Backing.Database database = Backing.freshDatabase();

    assertThat(ask(database, "show server_version")).startsWith("17.");
    assertThat(ask(database, "show timezone")).isEqualTo("Asia/Kathmandu");
  }

  @Test
  void redis_answersPing() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Backing.redis())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
          .isEqualTo("+PONG");
    }
  }

  private static String ask(Backing.Database database, String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
