package org.psidgateway.api.mapping;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;

/** Writes the sheet of answers as the body of a resolve answer, in the order of the request. */
final class ResolveAnswer {
  private static final int BYTES_PER_MAPPING = 44;
  private static final int BYTES_AN_UNRESOLVED = 110;
  private static final int BYTES_AROUND = 320;

  /** The longest malformed id that is repeated whole; of longer ones, their beginning. */
  static final int MAX_ECHO = 256;

  private static final byte[] PAGE_ID = JsonBytes.constant("{\"page_id\":");
  private static final byte[] MAPPINGS = JsonBytes.constant(",\"mappings\":{");
  private static final byte[] UNRESOLVED = JsonBytes.constant("},\"unresolved\":[");
  private static final byte[] ASID = JsonBytes.constant("{\"asid\":");
  private static final byte[] RETRY_AFTER = JsonBytes.constant(",\"retry_after_seconds\":");
  private static final byte[] REQUESTED = JsonBytes.constant("],\"summary\":{\"requested\":");
  private static final byte[] DISTINCT = JsonBytes.constant(",\"distinct\":");
  private static final byte[] FROM = JsonBytes.constant(",\"from\":{\"cache\":");
  private static final byte[] STORE = JsonBytes.constant(",\"store\":");
  private static final byte[] UPSTREAM = JsonBytes.constant(",\"upstream\":");
  private static final byte[][] FATES = new byte[Fate.values().length][];
  private static final byte[][] COUNTS = new byte[Fate.Status.values().length][];

  static {
    for (Fate fate : Fate.values()) {
      String status = fate.status().wireName();
      FATES[fate.ordinal()] =
          JsonBytes.constant(",\"status\":\"" + status + "\",\"reason\":\"" + fate.reason() + "\"");
    }
    for (Fate.Status status : Fate.Status.values()) {
      COUNTS[status.ordinal()] = JsonBytes.constant(",\"" + status.wireName() + "\":");
    }
  }

  private final ResolveRequest request;
  private final Answers answers;
  private final int[] byStatus = new int[Fate.Status.values().length];
  private final int[] bySource = new int[Source.values().length];
  private final JsonBytes json;
  private boolean worthAskingAgain;

  /** Every line of {@code answers} is written. */
  ResolveAnswer(ResolveRequest request, Answers answers) {
    this.request = request;
    this.answers = answers;
    for (int i = 0; i < answers.size(); i++) {
      byStatus[fate(i).status().ordinal()]++;
      worthAskingAgain |= fate(i).worthAskingAgain();
      Source source = answers.source(i);
      if (source != null) {
        bySource[source.ordinal()]++;
      }
    }
    byStatus[Fate.Status.INVALID.ordinal()] += request.malformed().size();
    int mapped = byStatus[Fate.Status.MAPPED.ordinal()];
    this.json =
        new JsonBytes(
            BYTES_AROUND
                + mapped * BYTES_PER_MAPPING
                + (request.distinct() - mapped) * BYTES_AN_UNRESOLVED);
  }

  /** Whether any id will be answered otherwise soon. */
  boolean worthAskingAgain() {
    return worthAskingAgain;
  }

  /** When such ids are worth asking again; at least 1. */
  int retryAfterSeconds() {
    return Math.max(1, answers.retryAfterSeconds());
  }

  /** The body; to be called once. */
  Buffer toBuffer(PageId page) {
    json.raw(PAGE_ID).id(page.value()).raw(MAPPINGS);
    mappings();
    json.raw(UNRESOLVED);
    if (byStatus[Fate.Status.MAPPED.ordinal()] < request.distinct()) {
      unresolved();
    }
    summary();
    return json.toBuffer();
  }

  private void mappings() {
    boolean first = true;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.fate(i) == Fate.MAPPED) {
        if (!first) {
          json.raw(',');
        }
        first = false;
        json.id(answers.asid(i)).raw(':').id(answers.psid(i));
      }
    }
  }

  private void unresolved() {
    MalformedIds malformed = request.malformed();
    boolean first = true;
    int next = 0;
    for (int i = 0; i <= answers.size(); i++) {
      for (; next < malformed.size() && malformed.position(next) <= i; next++) {
        begin(first).string(echo(malformed.text(next)));
        json.raw(FATES[Fate.MALFORMED.ordinal()]).raw('}');
        first = false;
      }
      if (i < answers.size() && fate(i) != Fate.MAPPED) {
        begin(first).id(answers.asid(i));
        json.raw(FATES[fate(i).ordinal()]);
        if (fate(i).worthAskingAgain()) {
          json.raw(RETRY_AFTER).number(retryAfterSeconds());
        }
        json.raw('}');
        first = false;
      }
    }
  }

  private JsonBytes begin(boolean first) {
    if (!first) {
      json.raw(',');
    }
    return json.raw(ASID);
  }

  private static String echo(String text) {
    return text.length() <= MAX_ECHO ? text : text.substring(0, MAX_ECHO) + "…";
  }

  private void summary() {
    json.raw(REQUESTED).number(request.requested()).raw(DISTINCT).number(request.distinct());
    for (int status = 0; status < COUNTS.length; status++) {
      json.raw(COUNTS[status]).number(byStatus[status]);
    }
    json.raw(FROM).number(bySource[Source.CACHE.ordinal()]);
    json.raw(STORE).number(bySource[Source.STORE.ordinal()]);
    json.raw(UPSTREAM).number(bySource[Source.UPSTREAM.ordinal()]).raw('}').raw('}').raw('}');
  }

  private Fate fate(int i) {
    return Objects.requireNonNull(answers.fate(i), "an id was left without an answer");
  }
}
