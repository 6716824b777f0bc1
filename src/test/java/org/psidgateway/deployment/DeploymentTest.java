package org.psidgateway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.db.Outage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Sql;

/** Against real databases, and real copies of them. */
@Beside
class DeploymentTest {
  private final DataSource database = Backing.freshDatabase().dataSource();

  private static Deployment started(DataSource at, String app) throws SQLException {
    Deployment deployment = new Deployment(at, app);
    deployment.run();
    return deployment;
  }

  private static String row(DataSource at, String columns) throws SQLException {
    try (Connection connection = at.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select " + columns + " from deployment")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void firstStart_takesTheDatabase_andLaterOnesFindItSo() throws SQLException {
    Deployment first = started(database, "1");
    Deployment later = started(database, "1\n");

    assertThat(row(database, "app_id")).isEqualTo("1");
    assertThat(first.name()).matches("[0-9a-f]{16}").isEqualTo(row(database, "id"));
    assertThat(later.id()).isEqualTo(first.id());
    assertThat(later.refresh()).isFalse();
  }

  @Test
  void anotherApp_isRefused_bothAreNamed_andNothingIsChanged() throws SQLException {
    String id = started(database, "1").name();
    new Sql(database)
        .execute("update deployment set system_id = 0"); // as if it were a copy, besides

    assertThatThrownBy(() -> started(database, "2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("gateway.app.id is 2, but the database belongs to app 1")
        .hasMessageContaining("quarkus.datasource.jdbc.url")
        .hasNoCause();

    assertThat(row(database, "app_id || '/' || id")).isEqualTo("1/" + id);
  }

  @Test
  void startsAtOnce_oneAppWins_andItsPodsAgree() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      CyclicBarrier together = new CyclicBarrier(8);
      List<Future<Deployment>> starts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String app = i % 2 == 0 ? "1" : "2";
        starts.add(
            threads.submit(
                () -> {
                  together.await();
                  return started(database, app);
                }));
      }
      List<String> names = new ArrayList<>();
      int refused = 0;
      for (Future<Deployment> start : starts) {
        try {
          names.add(start.get().name());
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(ConfigurationException.class);
          refused++;
        }
      }
      assertThat(refused).isEqualTo(4);
      assertThat(names).hasSize(4).containsOnly(row(database, "id"));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void postgresAway_atStart_isAnOutage_toBeWaitedFor() {
    PGSimpleDataSource linked = new PGSimpleDataSource();
    linked.setUrl(((PGSimpleDataSource) database).getUrl());
    linked.setUser(((PGSimpleDataSource) database).getUser());
    try (FaultyProxy link = new FaultyProxy(linked.getPortNumbers()[0])) {
      linked.setPortNumbers(new int[] {link.port()});
      link.cut();

      assertThatThrownBy(() -> started(linked, "1"))
          .isInstanceOf(SQLException.class)
          .matches(Outage::is);
    }
  }

  @Test
  void readOnlyServer_atTheFirstStart_isAnOutage_toBeWaitedFor() {
    PGSimpleDataSource readOnly = again("options=-c%20default_transaction_read_only=on");

    assertThatThrownBy(() -> started(readOnly, "1"))
        .isInstanceOf(SQLException.class)
        .matches(Outage::is);
  }

  @Test
  void loginWithoutPrivileges_failsNamingWhatItNeeds() throws SQLException {
    new Sql(database).execute("revoke execute on function pg_control_system() from public");
    new Sql(database).execute("drop role if exists may_nothing; create role may_nothing login");

    assertThatThrownBy(() -> started(again("options=-c%20role=may_nothing"), "1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("pg_control_system()")
        .hasMessageContaining("42501")
        .hasNoCause();
  }

  private PGSimpleDataSource again(String parameters) {
    String url = ((PGSimpleDataSource) database).getUrl();
    PGSimpleDataSource again = new PGSimpleDataSource();
    again.setUrl(url + (url.contains("?") ? "&" : "?") + parameters);
    again.setUser(((PGSimpleDataSource) database).getUser());
    return again;
  }

  /** As for a staging database beside the original. */
  @Test
  void copyInTheSameCluster_drawsAnIdOfItsOwn_andTheOriginalKeepsIts() throws SQLException {
    Deployment original = started(database, "1");
    String url = ((PGSimpleDataSource) database).getUrl();
    String name = ((PGSimpleDataSource) database).getDatabaseName();
    new Sql(Backing.freshDatabase().dataSource())
        .execute("create database a_copy template " + name);
    PGSimpleDataSource copy = new PGSimpleDataSource();
    copy.setUrl(url.replace("/" + name, "/a_copy"));
    copy.setUser(((PGSimpleDataSource) database).getUser());

    Deployment staging = started(copy, "1");

    assertThat(staging.id()).isNotEqualTo(original.id());
    assertThat(staging.refresh()).isFalse();
    assertThat(original.refresh()).isFalse();
    assertThat(started(database, "1").id()).isEqualTo(original.id());
  }

  /** As with a dump that is restored elsewhere; the pod that was there all along notices. */
  @Test
  void copyInAnotherCluster_beneathARunningPod_isNoticed_andAllPodsAgree() throws Exception {
    Deployment pod = started(database, "1");
    long before = pod.id();
    try (EmbeddedPostgres elsewhere =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(Path.of("target/local/bin").toAbsolutePath().toFile())
            .start()) {
      DataSource other = elsewhere.getPostgresDatabase();
      Flyway.configure().dataSource(other).load().migrate();
      new Sql(other)
          .execute(
              "insert into deployment (app_id, id, system_id, database_oid) values "
                  + row(
                      database, "format('(%L, %L, %s, %s)', app_id, id, system_id, database_oid)"));
      Switched switched = new Switched(database);
      Deployment running = started(switched, "1");
      assertThat(running.id()).isEqualTo(before);

      switched.to = other;
      assertThat(running.refresh()).isTrue();

      assertThat(running.id()).isNotEqualTo(before);
      assertThat(running.refresh()).isFalse();
      assertThat(started(other, "1").id()).isEqualTo(running.id());
    }
    assertThat(pod.refresh()).isFalse();
  }

  /** What an operator does after copying the files, since the copy looks like the original. */
  @Test
  void byHand_anotherIdIsDrawn() throws SQLException {
    Deployment pod = started(database, "1");
    long before = pod.id();

    new Sql(database).execute("update deployment set system_id = 0");

    assertThat(pod.refresh()).isTrue();
    assertThat(pod.id()).isNotEqualTo(before);
  }

  @Test
  void postgresAway_idStays() throws Exception {
    Switched switched = new Switched(database);
    Deployment pod = started(switched, "1");
    long before = pod.id();
    PGSimpleDataSource away = new PGSimpleDataSource();
    away.setPortNumbers(new int[] {1});
    switched.to = away;

    assertThatThrownBy(pod::refresh).isInstanceOf(SQLException.class);
    assertThat(pod.id()).isEqualTo(before);
    switched.to = database;
    assertThat(pod.refresh()).isFalse();
  }

  @Test
  void drawnIds_differ_andSpareTheBracesOfACluster() {
    assertThat(LongStream.range(0, 10_000).map(i -> DeploymentId.draw()).boxed())
        .doesNotHaveDuplicates()
        .noneMatch(DeploymentId::hasBrace);
    assertThat(DeploymentId.hasBrace(0x00_00_7B_00_00_00_00_00L)).isTrue();
    assertThat(DeploymentId.parse(DeploymentId.format(-2))).isEqualTo(-2);
  }

  /** What a name leads to may change. */
  private static final class Switched extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    private transient DataSource to;

    Switched(DataSource to) {
      this.to = to;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return to.getConnection();
    }
  }
}
