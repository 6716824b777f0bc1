package org.psidgateway.invalidation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.psidgateway.model.PageId;

/** A listener that keeps what was reported to it, as text. */
final class Heard implements ChangeListener {
  private final List<String> news = new CopyOnWriteArrayList<>();
  private volatile boolean deaf;

  /** Throws from now on, or no longer. */
  void deaf(boolean now) {
    deaf = now;
  }

  /** What was reported since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(news);
    news.clear();
    return taken;
  }

  @Override
  public void pagesChanged(Set<PageId> pages) {
    pages.stream().sorted().forEach(page -> hear("page " + page));
  }

  @Override
  public void mappingsChanged(PageId page, long[] asids) {
    Arrays.stream(asids).forEach(asid -> hear("mapping " + page + " " + asid));
  }

  @Override
  public void anythingMayHaveChanged() {
    hear("anything");
  }

  private void hear(String what) {
    if (deaf) {
      throw new IllegalStateException("deaf");
    }
    news.add(what);
  }
}
