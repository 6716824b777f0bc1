package org.psidgateway.api.door;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.mapping.JsonBytes;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;

/** Turns a sheet of answers into what the Graph API would say: all that was asked, or an error. */
final class DoorAnswer {
  private static final int BYTES_PER_MAPPING = 56;
  private static final byte[] PSID = JsonBytes.constant(":{\"id\":");

  private DoorAnswer() {}

  /**
   * The body. Ids that have no PSID, and those of erased people, are left out.
   *
   * @throws GraphRefusal if an id has another fate
   */
  static Buffer of(Answers answers, AskedIds asked, boolean ignoreInvalid) {
    @Nullable GraphError worst = null;
    List<String> invalid = new ArrayList<>(asked.malformed());
    for (int i = 0; i < answers.size(); i++) {
      GraphError error = error(answers.fate(i));
      if (error == GraphError.IDS_INVALID) {
        invalid.add(Long.toString(answers.asid(i)));
      } else if (error != null && (worst == null || error.compareTo(worst) < 0)) {
        worst = error;
      }
    }
    boolean refused = !ignoreInvalid && !invalid.isEmpty();
    if (refused && (worst == null || GraphError.IDS_INVALID.compareTo(worst) < 0)) {
      throw GraphRefusal.ofIds(invalid);
    }
    if (worst != null) {
      throw GraphRefusal.of(worst, Math.max(1, answers.retryAfterSeconds()));
    }
    return mappings(answers);
  }

  private static Buffer mappings(Answers answers) {
    JsonBytes json = new JsonBytes(2 + answers.size() * BYTES_PER_MAPPING).raw('{');
    boolean first = true;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.fate(i) == Fate.MAPPED) {
        if (!first) {
          json.raw(',');
        }
        first = false;
        json.id(answers.asid(i)).raw(PSID).id(answers.psid(i)).raw('}');
      }
    }
    return json.raw('}').toBuffer();
  }

  /** What an id of this fate makes of the request; null if it is answered, or left out. */
  static @Nullable GraphError error(@Nullable Fate fate) {
    if (fate == null) {
      return GraphError.NOT_READY;
    }
    return switch (fate) {
      case MAPPED, NOT_RETURNED_BY_UPSTREAM, ERASED -> null;
      case MALFORMED, REJECTED_BY_UPSTREAM, REFUSED_ALONE -> GraphError.IDS_INVALID;
      case TOKEN_INVALID -> GraphError.TOKEN_REFUSED;
      case APP_SECRET_REJECTED -> GraphError.PROOF_WRONG;
      case WINDOW_CLOSED -> GraphError.WINDOW_CLOSED;
      case PAGE_PAUSED, PERMISSION_DENIED, NOT_KNOWN -> GraphError.FORBIDDEN;
      case QUOTA_EXHAUSTED -> GraphError.QUOTA_EXHAUSTED;
      case COOLING_DOWN, QUEUE_FULL, QUOTA_RESERVED -> GraphError.THROTTLED;
      case QUEUED, UPSTREAM_UNAVAILABLE, STORE_UNAVAILABLE -> GraphError.NOT_READY;
    };
  }
}
