package org.psidgateway.api.transfer;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.Rfc3339;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.model.Fate.Status;
import org.psidgateway.model.PageId;
import org.psidgateway.store.PageView;
import org.psidgateway.time.Micros;

/** Which part of a Page's view a request wants. */
public final class ViewParameters {
  private ViewParameters() {}

  /**
   * @param status a comma-separated list of {@code mapped}, {@code unmapped} and {@code invalid};
   *     null for all
   * @param updatedSince null for ever
   */
  public static PageView.Query query(
      PageId page, @Nullable String status, @Nullable String updatedSince) {
    long since =
        updatedSince == null
            ? 0
            : Rfc3339.parse(updatedSince)
                .map(Micros::of)
                .orElseThrow(() -> Problem.parameter("updated_since", Rfc3339.EXPECTED));
    return new PageView.Query(page, statuses(status), since);
  }

  private static Set<Status> statuses(@Nullable String text) {
    Set<Status> known = EnumSet.of(Status.MAPPED, Status.UNMAPPED, Status.INVALID);
    if (text == null) {
      return known;
    }
    Set<Status> wanted = EnumSet.noneOf(Status.class);
    for (String name : text.split(",", -1)) {
      wanted.add(
          known.stream()
              .filter(status -> status.wireName().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> Problem.parameter("status", "must be of mapped, unmapped, invalid")));
    }
    return wanted;
  }
}
