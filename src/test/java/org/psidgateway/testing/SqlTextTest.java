package org.psidgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.SqlStatement.Parameter;

class SqlTextTest {

  @Test
  void statements_areTakenApart_eachWithItsParameters() throws SQLException {
    Parameter seven = Parameter.of(7L);
    Parameter list = Parameter.of(new long[] {1, 2});
    Parameter word = Parameter.of("it's");

    List<SqlStatement> statements =
        SqlText.statements(
            "begin; select ';?' -- a ? ;\n from t where a = ?; update t set b = any(?), c = ?;",
            List.of(seven, list, word));

    assertThat(statements).hasSize(3);
    assertThat(statements.get(0).planned()).isFalse();
    assertThat(statements.get(1).text()).isEqualTo("select ';?' \n from t where a = $1");
    assertThat(statements.get(1).parameters()).containsExactly(seven);
    assertThat(statements.get(2).text()).isEqualTo("update t set b = any($1), c = $2");
    assertThat(statements.get(2).withValues())
        .isEqualTo("update t set b = any('{1, 2}'::bigint[]), c = 'it''s'::varchar");
    assertThat(statements.get(2).longestList()).isEqualTo(2);
    assertThat(statements.get(2).planned()).isTrue();
  }

  @Test
  void settings_haveNoPlan() {
    SqlStatement setting =
        SqlText.statements("select set_config('jit', 'off', true)", List.of()).get(0);
    assertThat(setting.setting()).isTrue();
    assertThat(setting.planned()).isFalse();
  }
}
