package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.Books;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Settled;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.time.Ticker;

class SettlerTest {
  private static final WorkerPool POOL =
      new WorkerPool(Infrastructure.getDefaultExecutor(), Ticker.system());

  private final AtomicInteger unsettled = new AtomicInteger();
  private Sql sql;
  private Ledger ledger;
  private Books books;
  private Settler settler;

  @BeforeEach
  void database() throws SQLException {
    DataSource dataSource = Backing.freshDatabase().dataSource();
    sql = new Sql(dataSource);
    sql.execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
    ledger = Ledgers.unlimited().on(dataSource);
    books = Ledgers.unlimited().books(dataSource, InstantSource.system());
    settler = new Settler(ledger, POOL, 4, Duration.ofMillis(50), unsettled);
  }

  @Test
  void answerThatPostgresRefuses_isKept_andStoredOnceItIsTaken() throws SQLException {
    Granted granted = grant();
    sql.execute("alter table mapping rename to misplaced");

    CompletableFuture<Settled> committed =
        settler.commit(answer(granted), permit()).subscribeAsCompletionStage();
    Awaitility.await().until(() -> unsettled.get() == 1);
    sql.execute("alter table misplaced rename to mapping");

    Awaitility.await().until(committed::isDone);
    assertThat(committed).isCompleted();
    assertThat(unsettled).hasValue(0);
    assertThat(books.quota().committed()).isEqualTo(3);
  }

  @Test
  void timeReturned_isTheOneThatTheRowsHave() throws SQLException {
    Instant written = settler.commit(answer(grant()), permit()).await().indefinitely().at();

    assertThat(sql.numbers("select distinct micros(resolved_at) from mapping"))
        .containsExactly(written.getEpochSecond() * 1_000_000 + written.getNano() / 1_000);
  }

  @Test
  void callThatWasNotSent_holdsNoPermit_whileItsEndIsRefused() throws SQLException {
    Granted granted = grant();
    sql.execute("alter table claim rename to misplaced");
    CallPermits permits = new CallPermits(1, POOL);
    CallPermits.Permit permit = permits.acquire(Lane.INTERACTIVE, 0, null).await().indefinitely();

    CompletableFuture<Settled> committed =
        settler
            .commit(Settlement.unsent(granted.call(), "connect_failed"), permit)
            .subscribeAsCompletionStage();

    Awaitility.await().until(() -> permits.taken() == 0);
    assertThat(unsettled).hasValue(0); // no answer waits
    sql.execute("alter table misplaced rename to claim");
    Awaitility.await().until(committed::isDone);
    assertThat(books.quota().held()).isZero();
  }

  private Granted grant() throws SQLException {
    return (Granted)
        ledger.reserve(
            new Ledger.Request(
                UUID.randomUUID(),
                new PageId(100),
                Lane.INTERACTIVE,
                new long[] {1, 2, 3},
                OneCaller.of(1, 2, 3),
                Map.of(new PageId(100), new long[] {1, 2, 3}),
                Set.of(),
                Tariffs.PER_BATCH,
                false,
                false,
                Duration.ofSeconds(10)));
  }

  private static Settlement answer(Granted granted) {
    return Settlement.answered(
        granted.call(), Findings.of(granted.asids(), new long[] {11, 12, 13}), 3, Usage.UNKNOWN);
  }

  private static CallPermits.Permit permit() {
    return new CallPermits(1, POOL).acquire(Lane.INTERACTIVE, 0, null).await().indefinitely();
  }
}
