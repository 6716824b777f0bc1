package org.psidgateway.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.UploadRefused.Why;
import org.psidgateway.migration.Uploads.Form;
import org.psidgateway.migration.Uploads.Owner;
import org.psidgateway.migration.Uploads.Receipt;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.View;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Sha256;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.rows.FileFormat;

/** How keys come to their migrations, on a database of their own. */
@Beside
class UploadsTest {
  private static final Form TEXT = new Form(FileFormat.TEXT, false, null, null);
  private static final Settings SETTINGS =
      new Settings("CRM", Map.of("a", "b"), true, null, 5L, 0.5, 10, 0.25, 0.75);
  private static final Owner OWNER = new Owner("crm", new PageId(100), "key-1");

  private final ShiftedClock clock = new ShiftedClock();
  private Transactions transactions;
  private Sql sql;
  private Lists lists;
  private Migrations migrations;
  private Uploads uploads;

  @BeforeEach
  void database() {
    DataSource dataSource = clock.over(Backing.freshDatabase().dataSource());
    transactions = new Transactions(dataSource);
    sql = new Sql(dataSource);
    sql.execute("insert into page (page_id) values (100)");
    lists = new Lists(transactions);
    migrations = new Migrations(transactions, lists, 200, null);
    uploads = uploads(lists);
  }

  /** As another process has them. */
  private Uploads uploads(Lists own) {
    return new Uploads(transactions, own, migrations, clock, null);
  }

  @Test
  void list_becomesAMigration_withAllThatWasAskedFor() throws Exception {
    Migration made = send("11\nx\n11\n12\n").migration();

    assertThat(made.state()).isEqualTo(State.UPLOADING);
    assertThat(made.settings()).isEqualTo(SETTINGS);
    assertThat(made.createdBy()).isEqualTo("crm");
    assertThat(made.page()).isEqualTo(new PageId(100));
    assertThat(made.revision()).isEqualTo(1);
    assertThat(made.counts()).isNull();
    assertThat(made.createdAt()).isBetween(clock.instant().minusSeconds(60), clock.instant());
    assertThat(made.history()).hasSize(1);
    assertThat(made.history().get(0).from()).isNull();
    assertThat(made.history().get(0).by()).isEqualTo("crm");
    assertThat(sql.rows("select received, malformed, width from migration").get(0))
        .containsExactly(4, 1, 1);
    assertThat(sql.number("select count(*) from list where until is null")).isOne();
  }

  @Test
  void sameBytesAgain_areAnsweredWithTheFirstMigration_andOthersAreNot() throws Exception {
    Receipt first = send("11\n12\n");
    Receipt second = send("11\n12\n");
    assertThat(second).isEqualTo(new Receipt(first.migration(), true));
    assertRefused(Why.OTHER_BODY, () -> send("11\n13\n"));
    Receipt unread = uploads.receive(OWNER, TEXT, SETTINGS, new Unread(), sha256("11\n12\n"));
    assertThat(unread.replayed()).isTrue();
    assertRefused(
        Why.OTHER_BODY,
        () -> uploads.receive(OWNER, TEXT, SETTINGS, new Unread(), sha256("11\n13\n")));
    assertThat(sql.number("select count(*) from list")).isOne();

    Owner other = new Owner("crm", new PageId(100), "key-2");
    assertThat(uploads.receive(other, TEXT, SETTINGS, body("11\n13\n"), null).replayed()).isFalse();
  }

  @Test
  void deadlineThatHasPassedSince_doesNotKeepARepetitionFromItsAnswer() throws Exception {
    Settings soon =
        new Settings("CRM", Map.of(), true, clock.instant().plusSeconds(60), null, 1, 0, 0.5, null);
    Receipt first = uploads.receive(OWNER, TEXT, soon, body("11\n"), null);
    clock.advance(Duration.ofSeconds(61));

    Receipt second = uploads.receive(OWNER, TEXT, soon, body("11\n"), null);
    assertThat(second.replayed()).isTrue();
    assertThat(second.migration().id()).isEqualTo(first.migration().id());
    Owner other = new Owner("crm", new PageId(100), "key-2");
    assertRefused(Why.OVERDUE, () -> uploads.receive(other, TEXT, soon, new Unread(), null));
  }

  @Test
  void twentyAtOnce_makeOneMigration() throws Exception {
    int most = 20;
    ExecutorService threads = Executors.newFixedThreadPool(most);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        answers.add(
            threads.submit(
                () -> {
                  go.await();
                  return persistent();
                }));
      }
      go.countDown();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(answers.get(0).get());
      }
    } finally {
      threads.shutdown();
    }
    assertThat(sql.number("select count(*) from migration")).isOne();
    assertThat(sql.number("select count(*) from list")).isOne();
    assertThat(sql.number("select count(*) from pg_class where relname like 'list\\_%\\_row'"))
        .isOne();
  }

  /** Sends it until it is answered. */
  private String persistent() throws IOException, SQLException {
    while (true) {
      try {
        return String.valueOf(send("11\n12\n").migration().id());
      } catch (UploadRefused e) {
        assertThat(e.why()).isIn(Why.UNDER_WAY, Why.BUSY);
      }
    }
  }

  @Test
  void keyOfADeadProcess_isFreeAfterHalfAMinute() throws Exception {
    Stalled stalled = new Stalled("11\n12\n");
    CompletableFuture<Receipt> dead =
        CompletableFuture.supplyAsync(() -> receive(uploads(new Lists(transactions)), stalled));
    stalled.read.await();
    assertRefused(Why.UNDER_WAY, () -> send("11\n12\n"));

    clock.advance(Duration.ofSeconds(31));
    Receipt mine = send("11\n12\n");
    assertThat(mine.replayed()).isFalse();

    stalled.goOn.countDown(); // it was only frozen
    assertThatThrownBy(dead::get).hasMessageContaining(Why.UNDER_WAY.name());
    assertThat(send("11\n12\n").migration()).isEqualTo(mine.migration());
    assertThat(sql.number("select count(*) from list")).isOne();
  }

  @Test
  void whatDoesNotComeWhole_leavesNothing() {
    assertRefused(
        Why.DAMAGED, () -> uploads.receive(OWNER, TEXT, SETTINGS, body("11\n"), sha256("12\n")));
    assertRefused(Why.EMPTY, () -> send(""));
    assertThatThrownBy(() -> uploads.receive(OWNER, TEXT, SETTINGS, new Unread(), null))
        .isInstanceOf(IOException.class);
    assertRefused(
        Why.NO_PAGE,
        () ->
            uploads.receive(
                new Owner("crm", new PageId(101), "k"), TEXT, SETTINGS, body("11\n"), null));
    assertThat(
            sql.number(
                "select (select count(*) from list) + (select count(*) from migration_key)"
                    + " + (select count(*) from migration)"))
        .isZero();
  }

  @Test
  void followUp_hasTheRowsThatFit_andTheSettings() throws Exception {
    Migration parent = send("11\n12\nx\n11\n").migration();
    assertThatThrownBy(() -> uploads.retry(parent, EnumSet.of(View.FAILED), "crm", "r"))
        .isInstanceOf(IllegalTransition.class);
    long no = sql.number("select no from list");
    sql.execute(
        "insert into list_" + no + "_id (asid, line, verdict) values (11, 1, null), (12, 2, 5)",
        "update migration set state = 'cancelled', finished_at = ledger_now(),"
            + " deadline = ledger_now() - interval '1 second'");
    Migration ended = migrations.find(parent.id()).orElseThrow();

    Receipt made = uploads.retry(ended, EnumSet.of(View.NOT_ATTEMPTED), "crm", "r");
    assertThat(made.migration().parentId()).isEqualTo(parent.id());
    assertThat(made.migration().settings())
        .isEqualTo(new Settings("CRM", Map.of("a", "b"), null, null, 5L, 0.5, 10, 0.25, 0.75));
    assertThat(sql.numbers("select received from migration where parent_id is not null"))
        .containsExactly(2L);
    assertThat(uploads.retry(ended, EnumSet.of(View.NOT_ATTEMPTED), "crm", "r").replayed())
        .isTrue();
    assertRefused(Why.OTHER_BODY, () -> uploads.retry(ended, EnumSet.of(View.FAILED), "crm", "r"));

    migrations.delete(parent.id());
    assertRefused(Why.NO_PARENT, () -> uploads.retry(ended, EnumSet.of(View.FAILED), "crm", "s"));
  }

  @Test
  void keyOfADeletedMigration_isFree() throws Exception {
    Migration made = send("11\n").migration();
    sql.execute("update migration set state = 'cancelled', finished_at = ledger_now()");
    migrations.delete(made.id());
    assertThat(send("12\n").replayed()).isFalse();
  }

  private interface Sending {
    Object send() throws Exception;
  }

  private static void assertRefused(Why why, Sending sending) {
    assertThatThrownBy(sending::send)
        .isInstanceOfSatisfying(
            UploadRefused.class, refused -> assertThat(refused.why()).isEqualTo(why));
  }

  private Receipt send(String text) throws IOException, SQLException {
    return uploads.receive(OWNER, TEXT, SETTINGS, body(text), null);
  }

  private static Receipt receive(Uploads by, InputStream body) {
    try {
      return by.receive(OWNER, TEXT, SETTINGS, body, null);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream body(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(String text) {
    return Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Unread extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("broken off");
    }
  }

  /** Comes to a halt before its first byte. */
  private static final class Stalled extends InputStream {
    final CountDownLatch read = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final InputStream inner;

    Stalled(String text) {
      inner = body(text);
    }

    @Override
    public int read() throws IOException {
      read.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return inner.read();
    }
  }
}
