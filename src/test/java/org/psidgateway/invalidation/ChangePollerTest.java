package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.FaultyProxy;

@Beside
class ChangePollerTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Backing.Database database = Backing.freshDatabase();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Heard heard = new Heard();
  private FaultyProxy link;
  private Linked linked;
  private Deployment deployment;

  /** Through the link; counts. */
  private static final class Linked extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    final AtomicInteger connections = new AtomicInteger();

    Linked(Backing.Database database) {
      setUrl(database.jdbcUrl());
      setUser(database.user());
      setPassword(database.password());
    }

    @Override
    public Connection getConnection() throws SQLException {
      connections.incrementAndGet();
      return super.getConnection();
    }
  }

  @BeforeEach
  void start() {
    linked = new Linked(database);
    link = new FaultyProxy(linked.getPortNumbers()[0]);
    linked.setPortNumbers(new int[] {link.port()});
    linked.setConnectTimeout(1);
    linked.setSocketTimeout(1);
    deployment = new Deployment(linked, "1");
  }

  @AfterEach
  void stop() {
    link.close();
    threads.shutdownNow();
  }

  @Test
  void looksThatCoincide_areOneMoreLook_andNoneIsLost() throws Exception {
    AtomicInteger pages = new AtomicInteger();
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ChangePoller poller =
        poller(
            new ChangeListener() {
              @Override
              public void anythingMayHaveChanged() {
                working.countDown();
                await().until(() -> go.getCount() == 0);
              }

              @Override
              public void pagesChanged(Set<PageId> changed) {
                pages.incrementAndGet();
              }
            });
    Future<?> first = threads.submit(poller::look);
    working.await();
    int before = linked.connections.get();

    changeAPage(); // too late for the look that is under way
    for (int i = 0; i < 100; i++) {
      poller.look(); // does not wait
    }
    assertThat(linked.connections).hasValue(before);
    go.countDown();
    first.get();

    assertThat(pages).hasValue(1);
    assertThat(linked.connections.get() - before).isLessThan(10);
  }

  @Test
  void postgresCutOrSilent_lookNeverFails_andReportsWhatWasMissedAfterwards() throws Exception {
    ChangePoller poller = poller(heard);
    poller.look();
    heard.take();

    link.cut();
    changeAPage();
    poller.look();
    poller.look();
    link.heal();
    link.swallow();
    poller.look();
    assertThat(heard.take()).isEmpty();
    await().atMost(Duration.ofSeconds(5)).until(() -> lag() > 1);
    link.heal();
    poller.look();

    assertThat(heard.take()).containsExactly("page 100");
    assertThat(lag()).isLessThan(1);
  }

  /** Listeners must not find the former id: what they read with it would be another's. */
  @Test
  void databaseIsACopyByNow_anythingMayHaveChanged_underItsNewId() throws Exception {
    List<Long> ids = new ArrayList<>();
    ChangePoller poller = poller(() -> ids.add(deployment.id()));
    poller.look();
    poller.look();
    assertThat(ids).hasSize(1);

    database.sql().execute("update deployment set system_id = 0");
    poller.look();
    poller.look();

    assertThat(ids).hasSize(2).doesNotHaveDuplicates().endsWith(deployment.id());
  }

  private ChangePoller poller(ChangeListener listener) {
    InvalidationMeters metrics = new InvalidationMeters(registry);
    return new ChangePoller(
        deployment,
        new ChangeReader(
            new InvalidationTable(new Transactions(linked)), List.of(listener), metrics),
        metrics);
  }

  private double lag() {
    return registry.get("gateway.invalidation.lag").gauge().value();
  }

  private void changeAPage() throws Exception {
    database
        .sql()
        .execute(
            "insert into page (page_id) values (100)"
                + " on conflict (page_id) do update set paused = not page.paused");
  }
}
