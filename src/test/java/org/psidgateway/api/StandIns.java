package org.psidgateway.api;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.lang.reflect.Constructor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.QuotaView;
import org.psidgateway.ledger.WindowView;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;
import org.psidgateway.page.Page;
import org.psidgateway.page.Pages;
import org.psidgateway.page.TooManyTestPages;
import org.psidgateway.resolve.Query;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.resolve.StoreUnreadable;

/** The other rooms, in memory, until they are furnished. To be deleted then. */
final class StandIns {
  static final long KNOWN = 10154673853349851L;
  static final long KNOWN_PSID = 1535748669783931L;
  static final long NEGATIVE = 1001789542988L;
  static final long ABSENT = 5550001L;
  static final long BROKEN = 666666666666L;
  static final long BUGGY = 666666666667L;
  static final Instant WHEN = Instant.parse("2026-11-01T10:00:00Z");

  private StandIns() {}

  @Alternative
  @Priority(1)
  @ApplicationScoped
  static class InMemoryPages extends Pages {
    private final Map<PageId, Page> pages = new ConcurrentSkipListMap<>();

    @Override
    public boolean remembers(PageId page) {
      return page.value() == 100 && pages.containsKey(page);
    }

    @Override
    public Optional<Page> find(PageId page) {
      return Optional.ofNullable(pages.get(page));
    }

    @Override
    public List<Page> all() {
      return List.copyOf(pages.values());
    }

    @Override
    public Saved save(PageId id, String name, Long fans, Boolean testPage, Boolean paused) {
      Page old = pages.get(id);
      Page base = old == null ? new Page(id, null, null, false, false, null, 0, WHEN) : old;
      Page page =
          new Page(
              id,
              name == null ? base.name() : name,
              fans == null ? base.fans() : fans,
              testPage == null ? base.testPage() : testPage,
              paused == null ? base.paused() : paused,
              paused == null ? base.pauseReason() : paused ? "operator" : null,
              base.tokenRevision(),
              WHEN);
      long tests = pages.values().stream().filter(p -> p.testPage() && !p.id().equals(id)).count();
      if (page.testPage() && tests >= 5) {
        throw tooMany();
      }
      pages.put(id, page);
      return new Saved(page, old == null);
    }

    private static TooManyTestPages tooMany() {
      try {
        Constructor<TooManyTestPages> constructor = TooManyTestPages.class.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public boolean setToken(PageId id, String token) {
      Page p = pages.get(id);
      if (p == null) {
        return false;
      }
      int revision = p.tokenRevision() + 1;
      pages.put(
          id,
          new Page(
              id, p.name(), p.fans(), p.testPage(), p.paused(), p.pauseReason(), revision, WHEN));
      return true;
    }
  }

  @Alternative
  @Priority(1)
  @ApplicationScoped
  static class InMemoryResolver extends Resolver {
    @Override
    public Uni<Answers> resolve(Query query) {
      Answers answers = new Answers(query.asids());
      for (int i = 0; i < answers.size(); i++) {
        if (answers.asid(i) == BROKEN) {
          return Uni.createFrom().failure(new StoreUnreadable(new IllegalStateException("away")));
        }
        if (answers.asid(i) == BUGGY) {
          throw new IllegalStateException("a bug of the stand-in, as ordered");
        }
        if (answers.asid(i) == KNOWN) {
          answers.know(i, KNOWN_PSID, Source.CACHE);
        } else if (answers.asid(i) == NEGATIVE) {
          answers.know(i, Verdict.UNMAPPED, Source.STORE);
        } else if (query.knownOnly()) {
          answers.settle(i, Fate.NOT_KNOWN);
        } else {
          answers.settle(i, Fate.QUEUED);
          answers.retryAfterSeconds(3);
        }
      }
      return Uni.createFrom().item(answers);
    }

    @Override
    public Uni<Optional<Mapping>> find(PageId page, long asid) {
      Mapping found =
          asid == KNOWN
              ? new Mapping(page, asid, KNOWN_PSID, Source.STORE, WHEN, WHEN)
              : asid == NEGATIVE
                  ? new Mapping(page, asid, Verdict.UNMAPPED, Source.CACHE, WHEN, WHEN)
                  : null;
      return Uni.createFrom().item(Optional.ofNullable(found));
    }

    @Override
    public Uni<List<Mapping>> findByPsid(PageId page, long psid) {
      return psid == KNOWN_PSID
          ? find(page, KNOWN).map(m -> List.of(m.orElseThrow()))
          : Uni.createFrom().item(List.of());
    }
  }

  @Alternative
  @Priority(1)
  @ApplicationScoped
  static class FixedLedger extends Ledger {
    @Override
    public QuotaView quota() {
      return new QuotaView(1000, 100, 50, 10, 840, 50);
    }

    @Override
    public WindowView window() {
      return new WindowView(WindowView.State.OPEN, null, null, null);
    }
  }
}
