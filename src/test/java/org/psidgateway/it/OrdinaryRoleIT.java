package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/**
 * A database as an operator may have it: a role that is no superuser, owns a schema and nothing
 * else, and has settings of its own. The server's time zone is an odd one in all tests.
 */
class OrdinaryRoleIT {
  private final World world = new World();
  private final String role = "role_of_" + world.database.jdbcUrl().replaceAll(".*/(\\w+).*", "$1");

  @BeforeEach
  void createRole() throws SQLException {
    world
        .database
        .sql()
        .execute(
            "create role " + role + " login",
            "alter role " + role + " set default_transaction_isolation = 'repeatable read'",
            "alter role " + role + " set timezone = 'America/St_Johns'",
            "drop schema public cascade");
  }

  @AfterEach
  void dropRole() throws SQLException {
    world.database.sql().execute("drop owned by " + role + " cascade", "drop role " + role);
    world.close();
  }

  @Test
  void schemaOfTheRole_isUsed_andEndsOfLinesAreNoPartOfSecrets() throws SQLException {
    world.database.sql().execute("create schema " + role + " authorization " + role);
    try (Pod pod =
        world
            .pod()
            .with("quarkus.datasource.username", role + "\n")
            .with("gateway.app.id", "1\n")
            .with("gateway.app.secret", "app-secret\r\n")
            .with("gateway.pages.\"100\".token", "token-of-100\n")
            .with("gateway.secrets.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
            // As behind a pooler that takes none.
            .withVariable("QUARKUS_DATASOURCE_JDBC_ADDITIONAL_JDBC_PROPERTIES_OPTIONS", "")
            .start()) {
      assertConverts(pod, role);
      assertThat(pod.log())
          .containsOnlyOnce("PostgreSQL connections lack limits")
          .contains("lock_timeout=2s");
    }
  }

  @Test
  void schemaThatTheUrlNames_isUsed() throws SQLException {
    world.database.sql().execute("create schema named authorization " + role);
    String url = world.database.jdbcUrl();
    try (Pod pod =
        world
            .pod()
            .with("quarkus.datasource.username", role)
            .withDatabase(
                url
                    + (url.contains("?") ? "&" : "?")
                    + "options=-c%20search_path=named%20-c%20lock_timeout=2s"
                    + "%20-c%20statement_timeout=5s"
                    + "%20-c%20idle_in_transaction_session_timeout=3s")
            .start()) {
      assertConverts(pod, "named");
      assertThat(pod.log()).doesNotContain("lack limits");
    }
  }

  /** Each granting transaction sees what others commit meanwhile, whatever the role's default. */
  private void assertConverts(Pod pod, String schema) throws SQLException {
    world
        .database
        .sql()
        .execute(
            """
        create function %s.read_committed() returns trigger language plpgsql as $$
        begin
          if current_setting('transaction_isolation') <> 'read committed' then
            raise exception 'the isolation is %%', current_setting('transaction_isolation');
          end if;
          return new;
        end $$
        """
                .formatted(schema),
            "create trigger isolation before insert on %1$s.call for each row execute function %1$s.read_committed()"
                .formatted(schema));
    Gateway gateway = new Gateway(pod);
    assertThat(gateway.resolve(World.PAGE, 10, Gateway.ids(1, 300)).mappings()).hasSize(300);
    assertThat(gateway.resolve(World.PAGE, 0, Gateway.ids(1, 300)).mappings()).hasSize(300);
    world.assertAudit(gateway);
  }
}
