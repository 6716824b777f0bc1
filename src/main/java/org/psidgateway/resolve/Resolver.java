package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;

/** The way of a request. */
@ApplicationScoped
public class Resolver {

  /**
   * Answers every id of the query. Never fails but with {@link StoreUnreadable}; emits at most 0.5 s
   * after {@link Query#patience}; every line of the sheet is then written.
   */
  public Uni<Answers> resolve(Query query) {
    throw new UnsupportedOperationException();
  }

  /** One id, from caches or store; empty where nothing is known. Never spends. */
  public Uni<Optional<Mapping>> find(PageId page, long asid) {
    throw new UnsupportedOperationException();
  }

  /** The ids that map to {@code psid}, from the store. */
  public Uni<List<Mapping>> findByPsid(PageId page, long psid) {
    throw new UnsupportedOperationException();
  }
}
