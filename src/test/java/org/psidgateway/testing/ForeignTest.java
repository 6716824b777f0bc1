package org.psidgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignTest {
  @Test
  void judge_skipsWhatMissesAProgram_andFailsWhereAllAreRequired() {
    List<Program> missing = List.of(Program.PROMTOOL);
    String message = "promtool is not installed (Debian package: prometheus)";

    assertThat(ForeignCondition.judge(missing, false).isDisabled()).isTrue();
    assertThat(ForeignCondition.judge(missing, false).getReason()).contains(message);
    assertThatThrownBy(() -> ForeignCondition.judge(missing, true)).hasMessageContaining(message);
    assertThat(ForeignCondition.judge(List.of(), true).isDisabled()).isFalse();
  }

  @Foreign(Program.POSTGRES)
  @Test
  void foreignPostgres_hasItsSettingsAsTheyCome_andThoseAskedFor() throws SQLException {
    try (Connection connection =
            ForeignPostgres.emptyDatabase(ForeignPostgres.EAGER_JIT).dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(ask(statement, "show jit_above_cost")).isEqualTo("0");
      assertThat(ask(statement, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(statement, "show fsync")).isEqualTo("on");
      assertThat(ask(statement, "select pg_jit_available()")).isEqualTo("t");
      assertThat(ask(statement, "explain (analyze, format json) select 1 + random()"))
          .contains("\"JIT\"");
    }
  }

  private static String ask(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
