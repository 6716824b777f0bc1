package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.psidgateway.batch.PermitQueue.Waiting;
import org.psidgateway.ledger.Account;
import org.psidgateway.model.Lane;

class PermitQueueTest {
  private final PermitQueue queue = new PermitQueue();
  private final RankedAccount first = new RankedAccount("first", 1);
  private final RankedAccount second = new RankedAccount("second", 2);
  private final RankedAccount third = new RankedAccount("third", 3);
  private long now;

  private void waits(@Nullable Account account) {
    queue.add(new Waiting(Lane.BACKGROUND, now++, account, new CompletableFuture<>()));
  }

  private Waiting next() {
    return Objects.requireNonNull(queue.poll());
  }

  private static String name(Waiting one) {
    return one.account() == null ? "caller" : one.account().caller();
  }

  /** The next one gets a call, and waits for another. */
  private String granted() {
    Waiting next = next();
    queue.granted(next);
    waits(next.account());
    return name(next);
  }

  private List<String> grants(int count) {
    return Stream.generate(this::granted).limit(count).toList();
  }

  @Test
  void nobodyWaits_nobodyIsNext() {
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll()).isNull();
  }

  @Test
  void callers_goByTheirWait() {
    waits(null);
    waits(null);

    assertThat(next().since()).isZero();
    assertThat(next().since()).isEqualTo(1);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void migrations_goByTheirRank_andThatMayChange() {
    waits(third);
    waits(second);
    waits(first);
    assertThat(name(next())).isEqualTo("first");

    third.rank = 0;

    assertThat(name(next())).isEqualTo("third");
    assertThat(name(next())).isEqualTo("second");
  }

  @Test
  void callerAndTheFirstMigration_goByTheirWait_andTheOtherMigrationsWait() {
    waits(second);
    waits(null);
    waits(first);
    waits(null);

    assertThat(grants(4)).containsExactly("caller", "first", "caller", "caller");
  }

  @Test
  void oneMigrationAlone_getsEveryTenthGrantToo() {
    waits(first);

    assertThat(grants(21)).containsOnly("first");
  }

  @Test
  void tenthGrants_goToTheOthers_inTurn() {
    waits(first);
    waits(second);
    waits(third);

    List<String> grants = grants(60);

    assertThat(grants.stream().filter("first"::equals)).hasSize(54);
    List<String> tenths = new ArrayList<>();
    for (int i = 9; i < grants.size(); i += 10) {
      tenths.add(grants.get(i));
    }
    assertThat(tenths).containsExactly("second", "third", "second", "third", "second", "third");
  }

  @Test
  void turn_isRemembered_whileThoseWhoHadItWaitForNothing() {
    waits(first);
    waits(second);
    assertThat(grants(9)).containsOnly("first");
    Waiting turn = next();
    assertThat(name(turn)).isEqualTo("second");
    queue.granted(turn); // and is read on for a while
    assertThat(grants(5)).containsOnly("first");
    waits(second);
    waits(third);

    assertThat(grants(5)).containsExactly("first", "first", "first", "first", "third");
  }

  @Test
  void permitThatLeadsToNoGrant_leavesTheTurnToTheNext() {
    waits(first);
    waits(second);
    assertThat(grants(9)).containsOnly("first");
    assertThat(name(next())).isEqualTo("second"); // the ledger lets it wait

    assertThat(granted()).isEqualTo("first");

    waits(second);
    assertThat(grants(9)).containsOnly("first");
    assertThat(granted()).isEqualTo("second");
  }

  @Test
  void callersGrants_countForTheTurn() {
    waits(null);
    waits(first);
    waits(second);

    List<String> grants = grants(20);

    assertThat(grants.get(9)).isEqualTo("second");
    assertThat(grants.get(19)).isEqualTo("second");
    assertThat(grants.stream().filter("second"::equals)).hasSize(2);
    assertThat(grants.stream().filter("caller"::equals)).hasSize(9);
  }

  @Test
  void cleared_waitsNoLonger() {
    waits(null);
    waits(first);

    assertThat(queue.clear()).hasSize(2);
    assertThat(queue.isEmpty()).isTrue();
  }
}
