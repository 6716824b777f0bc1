package org.psidgateway.limits;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.limits.Outlook.Units;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Micros;

/** Reads an {@link Outlook}, by statements of one round trip. */
final class OutlookQuery {
  private final SpendingPolicy policy;
  private final AdmissionRequest request;

  private OutlookQuery(SpendingPolicy policy, AdmissionRequest request) {
    this.policy = policy;
    this.request = request;
  }

  /** Read after {@code before}, in one round trip with it. */
  static Outlook read(
      Connection connection, RoundTrip before, AdmissionRequest request, SpendingPolicy policy)
      throws SQLException {
    PageId page = request.page();
    AdmissionRequest asked =
        new AdmissionRequest(
            request.tariff().scope(page),
            request.lane(),
            request.tariff(),
            request.candidates(),
            request.isolation(),
            request.retry());
    TrafficQuery traffic = new TrafficQuery();
    traffic.add(before, policy.pace(), policy.pace(asked.page()), asked.page(), asked.lane());
    Situation at = AdmissionQuery.read(connection, before, asked, policy, page);
    return new OutlookQuery(policy, asked).outlook(at, traffic);
  }

  private Outlook outlook(Situation at, TrafficQuery traffic) {
    Admission admission = new Admission(policy, request, at);
    Optional<Stop> hold = admission.standstill().map(held -> new Stop(held.why(), held.until()));
    return new Outlook(
        at.now(),
        request.tariff(),
        policy.mostIds(request),
        admission.refusal(),
        hold.filter(stop -> stop.until() > at.now()),
        closesAt(),
        units(at.budget()),
        new PaceOutlook(
            request.lane(),
            traffic.app(at.now(), at.app()),
            traffic.own(at.now(), at.own()),
            at.lanes()));
  }

  private long closesAt() {
    Instant closesAt = policy.window().closesAt();
    return closesAt == null || !request.tariff().isWindowed()
        ? Long.MAX_VALUE
        : Micros.of(closesAt);
  }

  private @Nullable Units units(Situation.Budget budget) {
    QuotaPolicy quota = policy.quota();
    return request.tariff().spendsQuota()
        ? new Units(budget.room(Lane.INTERACTIVE, quota), budget.room(request.lane(), quota))
        : null;
  }
}
