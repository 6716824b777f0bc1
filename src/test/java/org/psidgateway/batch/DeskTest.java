package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

class DeskTest {
  private static final int IDS = 200;

  private Load load = new Load(1_000_000);
  private Desk desk = desk();

  private Desk desk() {
    return new Desk(
        new PageId(100),
        load,
        new BatchMeters(new SimpleMeterRegistry(), load, () -> 0, () -> false),
        new Turns(1));
  }

  @Test
  void callersThatHangUp_leaveNothingBehind_butTheirIds() {
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int caller = 0; caller < 2_000; caller++) {
      waiting.add(join(IDS).done(Duration.ofHours(1)).subscribeAsCompletionStage());
    }
    assertThat(load.lines()).isEqualTo(2_000 * IDS);

    waiting.forEach(caller -> caller.cancel(true));

    assertThat(load.lines()).isZero();
    assertThat(load.ids()).isEqualTo(IDS);
    assertThat(desk.first(Lane.INTERACTIVE, IDS))
        .hasSize(IDS)
        .allSatisfy(flight -> assertThat(flight.waiters()).isEmpty());
  }

  @Test
  void callerWhoseAnswerNobodyTakes_leavesAtTheEndOfItsPatience() {
    join(IDS).done(Duration.ofMillis(20)); // cancelled before it was subscribed to

    Awaitility.await().until(() -> load.lines() == 0);
  }

  @Test
  void callersThatStay_areTold_howeverManyLeaveMeanwhile() {
    List<Answers> told = new ArrayList<>();
    List<CompletableFuture<Void>> leaving = new ArrayList<>();
    List<Ticket> staying = new ArrayList<>();
    for (int caller = 0; caller < 50; caller++) {
      Answers sheet = sheet(IDS);
      Ticket ticket = desk.join(Lane.INTERACTIVE, sheet, Trace.NONE);
      if (caller % 3 == 0) {
        told.add(sheet);
        staying.add(ticket);
      } else {
        leaving.add(ticket.done(Duration.ofHours(1)).subscribeAsCompletionStage());
      }
    }
    leaving.forEach(caller -> caller.cancel(true));
    assertThat(load.lines()).isEqualTo(staying.size() * IDS);

    land(IDS);

    assertThat(told).allSatisfy(sheet -> assertThat(sheet.open()).isZero());
    assertThat(load.lines()).isZero();
    assertThat(load.ids()).isZero();
  }

  @Test
  void manyCallersForTheSameIds_findTheQueueFull_asManyIdsDo() {
    load = new Load(3 * IDS);
    desk = desk();
    for (int caller = 0; caller < 3; caller++) {
      join(IDS);
    }

    Answers refused = sheet(IDS);
    desk.join(Lane.INTERACTIVE, refused, Trace.NONE);

    assertThat(refused.fate(0)).isEqualTo(Fate.QUEUE_FULL);
    assertThat(refused.fate(IDS - 1)).isEqualTo(Fate.QUEUE_FULL);
    assertThat(load.lines()).isEqualTo(3 * IDS);
    land(IDS);
    assertThat(load.lines()).isZero();
  }

  @Test
  void callersThatAreTurnedAway_takeNobodyOffTheList() {
    join(IDS);
    desk.take(LongStream.rangeClosed(1, IDS).toArray());

    desk.turnAway(sheet(IDS), Trace.NONE).done(Duration.ofSeconds(1)).await().indefinitely();

    assertThat(load.lines()).isEqualTo(IDS);
    land(IDS);
    assertThat(load.lines()).isZero();
  }

  @Test
  void idsThatNobodyWaitsForAnyMore_areNotAskedAgain_afterTheirCallEndedUncertain() {
    CompletableFuture<Void> caller = join(1).done(Duration.ofHours(1)).subscribeAsCompletionStage();
    UUID call = UUID.randomUUID();
    desk.park(call, new long[] {1});
    caller.cancel(true);

    desk.unpark(Map.of(call, new long[] {1}), Map.of());

    assertThat(load.ids()).isZero();
    assertThat(desk.candidates(Lane.INTERACTIVE, IDS)).isEmpty();
  }

  @Test
  void looks_areMadeOneAtATime_andTheEarlierOneCounts() {
    assertThat(desk.planLook(Duration.ofSeconds(1))).isZero();
    join(1);
    desk.park(UUID.randomUUID(), new long[] {1});

    int late = desk.planLook(Duration.ofSeconds(5));
    int early = desk.planLook(Duration.ofMillis(100));

    assertThat(desk.planLook(Duration.ofSeconds(1))).isZero();
    assertThat(desk.beginLook(early)).isTrue();
    assertThat(desk.beginLook(late)).isFalse();
    assertThat(desk.planLook(Duration.ofSeconds(1))).isPositive();
  }

  private Ticket join(int ids) {
    return desk.join(Lane.INTERACTIVE, sheet(ids), Trace.NONE);
  }

  private static Answers sheet(int ids) {
    return new Answers(LongStream.rangeClosed(1, ids).toArray());
  }

  private void land(int ids) {
    long[] asids = LongStream.rangeClosed(1, ids).toArray();
    desk.land(new Findings(asids, asids.clone(), new long[ids]), Source.UPSTREAM);
  }
}
