package org.psidgateway.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Sql;

/**
 * Compares the ledger, the witness and what callers were shown. Everything since the arena was made
 * is looked at each time; all of it must hold at any moment, in the middle of a fault too.
 */
final class Audit {
  private static final String UNITS =
      """
      select b.committed, b.held, b.uncertain,
             (select coalesce(sum(returned), 0) from call where state = 'settled' and spends),
             (select coalesce(sum(asked), 0) from call where state = 'granted' and spends),
             (select coalesce(sum(asked), 0) from call where state = 'uncertain' and spends),
             b.matched,
             (select coalesce(sum(returned), 0) from call where state = 'settled' and not spends)
        from budget b
      """;

  private static final String CARRIED_BY_UNCERTAIN_CALLS =
      """
      select k.page_id, k.asid, count(distinct k.call_id)
        from chaos.carried k join call c using (call_id)
       where (c.state = 'granted' and c.expires_at < clock_timestamp())
          or exists (select from chaos.ended e where e.call_id = k.call_id and e.state = 'uncertain')
       group by 1, 2
      """;

  private static final String GRANTED_WHILE_UNDER_WAY =
      """
      select b.page_id, b.asid
        from chaos.carried a join chaos.carried b using (page_id, asid)
             join call before on before.call_id = a.call_id
             join call c on c.call_id = b.call_id
       where c.granted_at > before.granted_at
         and c.granted_at < coalesce((select min(pg_xact_commit_timestamp(e.xmin))
                                        from chaos.ended e where e.call_id = a.call_id), 'infinity')
      """;

  private static final String GRANTED_IN_A_COOLDOWN =
      """
      select count(distinct c.call_id)
        from call c join chaos.cooled k on k.page_id in (0, c.page_id)
       where c.granted_at > pg_xact_commit_timestamp(k.xmin) and c.granted_at < k.until
      """;

  // The first call after a cooldown probes: until its outcome is known, or it has expired, no other
  // one follows. A cooldown that a later one outlasts has no end of its own.
  private static final String BESIDE_A_PROBE =
      """
      with ends as (
        select k.page_id, k.until from chaos.cooled k
         where not exists (
           select from chaos.cooled l
            where l.page_id in (0, k.page_id) and l.until > k.until
              and pg_xact_commit_timestamp(l.xmin) < k.until)),
      probes as (
        select e.page_id, p.* from ends e cross join lateral (
          select c.call_id, c.granted_at,
                 least(c.expires_at, coalesce(c.settled_at, clock_timestamp())) as ended_at
            from call c
           where e.page_id in (0, c.page_id) and c.granted_at >= e.until
           order by c.grant_no limit 1) p)
      select count(distinct c.call_id)
        from call c join probes p on p.page_id in (0, c.page_id)
       where c.call_id <> p.call_id and c.granted_at >= p.granted_at and c.granted_at < p.ended_at
      """;

  /** What a busy machine adds before a call is noted. */
  private static final long NOTED_MILLIS = 1_000;

  private final Sql sql;
  private final Witness witness;
  private final SimulatorScript script;
  private final Plan plan;

  Audit(Sql sql, Witness witness, SimulatorScript script, Plan plan) {
    this.sql = sql;
    this.witness = witness;
    this.script = script;
    this.plan = plan;
  }

  /** Q1 and Q3, by SQL in one snapshot: cheap enough to be asked again and again in a fault. */
  List<Finding> units(long limit) {
    List<Finding> findings = new ArrayList<>();
    long before = Testimony.of(witness).converted();
    long[] units = sql.rows(UNITS).get(0);
    Testimony testimony = Testimony.of(witness);
    long after = testimony.converted();
    long spoken = units[0] + units[1] + units[2];
    long matched = testimony.matched();
    check(findings, units[0] <= after, "Q3", "committed " + units[0] + " > witnessed " + after);
    check(findings, before <= spoken, "Q3", "witnessed " + before + " > spoken for " + spoken);
    check(findings, units[6] <= matched, "Q3", "matched " + units[6] + " > witnessed " + matched);
    check(
        findings,
        units[6] == units[7],
        "Q3",
        "matched is " + units[6] + ", its calls sum up to " + units[7]);
    for (int i = 0; i < 3; i++) {
      check(
          findings,
          units[i] == units[i + 3],
          "Q3",
          List.of("committed", "held", "uncertain").get(i)
              + (" is " + units[i] + ", its calls sum up to " + units[i + 3]));
    }
    check(findings, spoken <= limit, "Q1", "spoken for " + spoken + " of " + limit);
    check(findings, after <= limit, "Q1", "witnessed " + after + " of " + limit);
    return findings;
  }

  /**
   * Q2: conversions of an id beyond the first, each answered for by an uncertain call or by an
   * operation whose answer was lost; and ids asked while another call was asking them.
   */
  List<Finding> repeats() {
    Testimony testimony = Testimony.of(witness);
    Map<List<Long>, Long> excused = new HashMap<>(testimony.lost());
    sql.rows(CARRIED_BY_UNCERTAIN_CALLS)
        .forEach(row -> excused.merge(List.of(row[0], row[1]), row[2], Long::sum));
    List<Finding> findings = new ArrayList<>();
    sql.rows(GRANTED_WHILE_UNDER_WAY)
        .forEach(
            row ->
                findings.add(
                    new Finding("Q2", row[0] + "/" + row[1] + " granted while under way")));
    testimony
        .told()
        .forEach(
            (told, times) -> {
              long allowed = 1 + excused.getOrDefault(told.id(), 0L);
              check(
                  findings,
                  times <= allowed,
                  "Q2",
                  told.id() + " " + times + " times, not " + allowed);
            });
    return findings;
  }

  /** How many conversions were of ids converted before. */
  long convertedAgain() {
    return Testimony.of(witness).told().values().stream().mapToLong(times -> times - 1).sum();
  }

  /** Q4: calls granted between the commit of a cooldown and its end. */
  long inCooldown() {
    return sql.number(GRANTED_IN_A_COOLDOWN);
  }

  /** Q4: calls granted while the first one after a cooldown was still under way. */
  long besideAProbe() {
    return sql.number(BESIDE_A_PROBE);
  }

  /** Q5: arrivals less than a period after the one {@code calls} before them. */
  long overPace() {
    if (plan.paceCalls() == 0) {
      return 0;
    }
    List<Long> arrivals = Testimony.of(witness).arrivals();
    long over = 0;
    for (int i = plan.paceCalls(); i < arrivals.size(); i++) {
      long span = arrivals.get(i) - arrivals.get(i - plan.paceCalls());
      over += span < plan.pacePer().toNanos() ? 1 : 0;
    }
    return over;
  }

  /** Calls without a grant of their own, and calls that arrived later than their row promised. */
  List<Finding> strays() {
    List<Testimony.Sent> calls = Testimony.of(witness).sent(); // before the grants
    Map<Asked, TreeMap<Long, Long>> grants = new HashMap<>();
    Grant.all(sql)
        .forEach(
            grant ->
                grants
                    .computeIfAbsent(grant.asked(), asked -> new TreeMap<>())
                    .put(grant.at(), grant.arrivesBy()));
    List<Finding> findings = new ArrayList<>();
    for (Testimony.Sent call : calls) {
      Asked asked = call.asked();
      TreeMap<Long, Long> own = grants.getOrDefault(asked, new TreeMap<>());
      Map.Entry<Long, Long> grant = own.floorEntry(call.arrivedMillis() + 1);
      if (grant == null) {
        findings.add(new Finding("grant", asked + " was sent without one"));
      } else {
        own.remove(grant.getKey());
        long late = call.arrivedMillis() - grant.getValue();
        check(
            findings, late < NOTED_MILLIS, "grant", asked + " came " + late + " ms after its time");
      }
    }
    return findings;
  }

  /** D1 and D3: what was shown is kept; no negative where the upstream would map. */
  List<Finding> data(Collection<Shown> shown) {
    List<Finding> findings = new ArrayList<>();
    Map<List<Long>, Long> kept = new HashMap<>();
    sql.rows("select page_id, asid, psid from mapping")
        .forEach(row -> kept.put(List.of(row[0], row[1]), row[2]));
    kept.forEach(
        (id, psid) ->
            check(
                findings,
                script.maps(id.get(0), id.get(1))
                    && psid == SimulatedGraph.psidOf(id.get(0), id.get(1)),
                "D2",
                id + " is kept with a wrong PSID"));
    for (Shown one : shown) {
      Long psid = kept.get(List.of(one.page(), one.asid()));
      check(findings, psid != null && psid == one.psid(), "D1", one + " is not kept");
    }
    sql.rows("select page_id, asid from negative")
        .forEach(
            row ->
                check(
                    findings,
                    !script.maps(row[0], row[1]),
                    "D3",
                    row[0] + "/" + row[1] + " has a negative"));
    return findings;
  }

  /** For finding out why nothing moves. */
  String standings() {
    return sql.texts(
            "select format('now %s, budget %s, standing %s', clock_timestamp(), b, s)"
                + " from budget b, standing s")
        .toString();
  }

  private static void check(List<Finding> into, boolean holds, String promise, String what) {
    if (!holds) {
      into.add(new Finding(promise, what));
    }
  }
}
