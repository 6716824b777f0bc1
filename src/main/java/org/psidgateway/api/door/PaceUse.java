package org.psidgateway.api.door;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.books.Books;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Source;

/** {@code X-App-Usage}, by which clients of the Graph API slow down. */
@Singleton
class PaceUse {
  static final String HEADER = "X-App-Usage";

  private final Books books;
  private final StoreCalls store;

  PaceUse(Books books, StoreCalls store) {
    this.books = books;
    this.store = store;
  }

  /** The value: how much of the pace is used, in percent, as this pod saw it last. Never blocks. */
  String header() {
    long percent = Math.min(100, Math.round(Math.ceil(books.lastPaceUsed() * 100)));
    return "{\"call_count\":" + percent + ",\"total_cputime\":0,\"total_time\":0}";
  }

  /** Looks anew after a call was made for these answers; what is known costs no look. */
  Uni<Answers> seenBy(Answers answers, long deadline) {
    for (int i = 0; i < answers.size(); i++) {
      if (answers.source(i) == Source.UPSTREAM) {
        return store
            .read(deadline, books::paceUsed)
            .replaceWith(answers)
            .onFailure()
            .recoverWithItem(answers);
      }
    }
    return Uni.createFrom().item(answers);
  }
}
