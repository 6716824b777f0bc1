package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.secrets.Secrets;
import org.psidgateway.testing.Backing;

class PresentFormatTest {

  @Test
  void format_followsTheDeployment() throws SQLException {
    DataSource database = Backing.freshDatabase().dataSource();
    Deployment deployment = new Deployment(database, "1");
    deployment.refresh();
    PresentFormat format =
        new PresentFormat(deployment, Secrets.of(Secrets.A), UpstreamKind.PAGES_ID_MAPPING);
    RedisFormat before = format.get();
    assertThat(format.get()).isSameAs(before);
    assertThat(before.isOf(deployment.id())).isTrue();

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("update deployment set system_id = 0");
    }
    deployment.refresh();

    assertThat(format.get().isOf(deployment.id())).isTrue();
    assertThat(format.get().key(100, 1)).isNotEqualTo(before.key(100, 1));
  }
}
