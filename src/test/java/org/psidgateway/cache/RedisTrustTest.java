package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;

/** A Redis that others use too, and may write to: what is believed of it. */
class RedisTrustTest extends RedisTierHarness {
  private static final long ASID = 1;
  private static final long PSID = 11;
  private static final byte[] KEY = Settings.FORMAT.key(100, ASID);

  private final RedisTier tier = tier(Settings.FORMAT);

  private void keep(RedisTier by, long verdict) {
    int before = redis.ask(Command.DBSIZE).toInteger();
    by.keep(
        PAGE, new Findings(new long[] {ASID}, new long[] {verdict}, new long[] {clock.seconds()}));
    Awaitility.await().until(() -> redis.ask(Command.DBSIZE).toInteger() == before + 1);
  }

  private static long[] find(RedisTier by) {
    return find(by, PAGE, ASID);
  }

  private static long[] find(RedisTier by, PageId page, long asid) {
    return by.find(page, new long[] {asid}).await().atMost(Duration.ofSeconds(10)).verdicts();
  }

  private byte[] stored() {
    return redis.ask(Command.GET, KEY).toBytes();
  }

  private double rejected() {
    return registry.get("gateway.cache.redis.rejected").counter().count();
  }

  @Test
  void deploymentsThatShareARedis_answerNothingOfEachOther() {
    RedisTier copy = tier(Settings.format(4712, 1)); // with the same secret, as a staging copy has
    keep(tier, PSID);

    assertThat(find(copy)).isEmpty();
    keep(copy, Verdict.REJECTED);

    assertThat(find(tier)).containsExactly(PSID);
    assertThat(find(copy)).containsExactly(Verdict.REJECTED);
    copy.forget(PAGE, new long[] {ASID}).await().atMost(Duration.ofSeconds(10));
    assertThat(find(tier)).containsExactly(PSID);
    assertThat(rejected()).isZero();
  }

  @Test
  void negatives_areBelievedByTheirOwnKindAlone_mappingsByAll() {
    for (UpstreamKind kind : UpstreamKind.values()) {
      redis.ask(Command.FLUSHALL);
      keep(tier(Settings.format(kind, 4711, 1)), Verdict.REJECTED);
      for (UpstreamKind other : UpstreamKind.values()) {
        assertThat(find(tier(Settings.format(other, 4711, 1))))
            .as("%s of %s", kind, other)
            .isEqualTo(kind == other ? new long[] {Verdict.REJECTED} : new long[0]);
      }
      redis.ask(Command.FLUSHALL);
      keep(tier(Settings.format(kind, 4711, 1)), PSID);
      for (UpstreamKind other : UpstreamKind.values()) {
        assertThat(find(tier(Settings.format(other, 4711, 1)))).containsExactly(PSID);
      }
    }
    assertThat(rejected()).isZero();
  }

  @Test
  void valueOfAnotherDeployment_movedToOurKey_isAMiss() {
    RedisTier copy = tier(Settings.format(4712, 1));
    keep(copy, PSID);
    redis.ask(Command.RENAME, Settings.format(4712, 1).key(100, ASID), KEY);

    assertThat(find(tier)).isEmpty();
    assertThat(rejected()).isOne();
  }

  @Test
  void anyBitAltered_isAMiss_andCounted() {
    keep(tier, PSID);
    byte[] genuine = stored();
    IntConsumer assertMiss =
        bit -> {
          byte[] altered = genuine.clone();
          altered[bit / 8] ^= (byte) (1 << bit % 8);
          redis.ask(Command.SET, KEY, altered);
          assertThat(find(tier)).as("bit %s", bit).isEmpty();
        };

    IntStream.range(0, 8 * genuine.length).forEach(assertMiss);

    assertThat(rejected()).isEqualTo(8 * genuine.length);
    redis.ask(Command.SET, KEY, genuine);
    assertThat(find(tier)).containsExactly(PSID);
  }

  @Test
  void movedToAnotherKey_isAMiss_andCounted() {
    keep(tier, PSID);
    redis.ask(Command.SET, Settings.FORMAT.key(100, 2), stored());
    redis.ask(Command.SET, Settings.FORMAT.key(101, ASID), stored());

    assertThat(find(tier, PAGE, 2)).isEmpty();
    assertThat(find(tier, new PageId(101), ASID)).isEmpty();
    assertThat(rejected()).isEqualTo(2);
  }

  @Test
  void underAFormerKey_isServed_andNotWrittenAnew() {
    keep(tier, PSID);
    byte[] before = stored();

    assertThat(find(tier(Settings.format(4711, 2, 3, 1)))).containsExactly(PSID);

    assertThat(stored()).isEqualTo(before);
    assertThat(rejected()).isZero();
  }

  @Test
  void written_withThePresentKey() {
    keep(tier(Settings.format(4711, 2, 1)), PSID);

    assertThat(find(tier(Settings.format(4711, 2)))).containsExactly(PSID);
  }

  /** In a roll-out, by a pod that knows a newer key. */
  @Test
  void underAnUnknownKey_isAMiss_countedAndNotDeleted() {
    RedisTier newer = tier(Settings.format(4711, 2, 1));
    keep(newer, PSID);
    byte[] before = stored();

    assertThat(find(tier)).isEmpty();

    assertThat(rejected()).isOne();
    assertThat(stored()).isEqualTo(before);
    assertThat(find(newer)).containsExactly(PSID);
  }

  /** Somebody made it persist, or put it back. */
  @Test
  void olderThanItsTimeToLive_isAMiss_thoughRedisHasIt() {
    keep(tier, PSID);
    redis.ask(Command.PERSIST, KEY);

    clock.advance(Settings.PATIENT.ttl().minusSeconds(1));
    assertThat(find(tier)).containsExactly(PSID);
    clock.advance(Duration.ofSeconds(1));
    assertThat(find(tier)).isEmpty();
    assertThat(rejected()).as("it is ours").isZero();
  }

  /** Otherwise a pod whose clock is far ahead would give it more time than any value has. */
  @Test
  void writtenInTheFuture_isAMiss() {
    clock.advance(Duration.ofMinutes(2));
    keep(tier, PSID);
    clock.advance(Duration.ofMinutes(-2));

    assertThat(find(tier)).isEmpty();
  }

  @Test
  void checkedLongAgo_isServed_allTheSame() {
    tier.keep(
        PAGE,
        new Findings(
            new long[] {ASID},
            new long[] {PSID},
            new long[] {clock.seconds() - Duration.ofDays(200).toSeconds()}));

    Awaitility.await().untilAsserted(() -> assertThat(find(tier)).containsExactly(PSID));
  }

  @Test
  void valueOfTheVersionBefore_isNotRead() {
    redis.ask(Command.SET, RedisFormat.previousKey(100, ASID), "sixteen bytes ..");

    assertThat(find(tier)).isEmpty();
    assertThat(rejected()).isZero();
  }
}
