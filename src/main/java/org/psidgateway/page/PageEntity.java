package org.psidgateway.page;

import static java.util.stream.Collectors.joining;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/** A row of {@code page}. Changed only under its row lock, see {@link PageRepository#lock}. */
@Entity
@Table(name = "page")
class PageEntity {
  static final String OPERATOR = "operator";
  static final String ARCHIVED = "archived";
  private static final int SEEDED_TOKENS = 8;

  @Id
  @Column(name = "page_id")
  long id;

  @Nullable String name;

  @Nullable Long fans;

  @Column(name = "test_page")
  boolean testPage;

  boolean paused;

  @Column(name = "pause_reason")
  @Nullable String pauseReason;

  byte @Nullable [] token;

  @Column(name = "token_revision")
  int tokenRevision;

  /** What the door finds the Page by; see {@link TokenCipher#digest}. */
  @Column(name = "token_digest")
  byte @Nullable [] tokenDigest;

  /** Of the token that the digest is of: the version before replaces tokens alone. */
  @Column(name = "token_digest_revision")
  @Nullable Integer tokenDigestRevision;

  @Column(name = "seeded_name")
  @Nullable String seededName;

  @Column(name = "seeded_fans")
  @Nullable Long seededFans;

  @Column(name = "seeded_test")
  @Nullable Boolean seededTest;

  /** Digests, the one seeded last first; as many as there may be versions in a roll-out. */
  @Column(name = "seeded_token")
  @Nullable String seededToken;

  @Column(name = "updated_at")
  Instant updatedAt;

  PageId pageId() {
    return new PageId(id);
  }

  Page view() {
    return new Page(
        pageId(),
        name,
        fans,
        testPage,
        paused,
        pauseReason,
        token != null,
        tokenRevision,
        updatedAt);
  }

  /** Null keeps the present value. */
  void describe(@Nullable String newName, @Nullable Long newFans, @Nullable Boolean newTestPage) {
    name = newName == null ? name : newName;
    fans = newFans == null ? fans : newFans;
    testPage = newTestPage == null ? testPage : newTestPage;
  }

  /** Keeps what configuration brought, so that the next start sees whether it changed. */
  void rememberSeed(SeedChange seed) {
    seededName = seed.name() == null ? seededName : seed.name();
    seededFans = seed.fans() == null ? seededFans : seed.fans();
    seededTest = seed.testPage() == null ? seededTest : seed.testPage();
    if (seed.token() != null) {
      String digest = SeedChange.digest(pageId(), seed.token());
      Stream<String> before = seededTokens().stream().filter(former -> !former.equals(digest));
      seededToken =
          Stream.concat(Stream.of(digest), before).limit(SEEDED_TOKENS).collect(joining(","));
    }
  }

  /** Whether configuration has brought the token of this digest before. */
  boolean hasSeeded(String digest) {
    return seededTokens().contains(digest);
  }

  /** Whether it brought another one since. */
  boolean hasSeededSince(String digest) {
    return seededTokens().indexOf(digest) > 0;
  }

  private List<String> seededTokens() {
    return seededToken == null ? List.of() : List.of(seededToken.split(",", -1));
  }

  void change(PageChange change) {
    name = change.name().over(name);
    fans = change.fans().over(fans);
    testPage = change.testPage() == null ? testPage : change.testPage();
    if (change.paused() != null && !isArchived()) { // which a token alone can end
      pauseByOperator(change.paused());
    }
  }

  boolean isArchived() {
    return ARCHIVED.equals(pauseReason);
  }

  /** Its mappings stay; the next token revives it. */
  void archive() {
    token = null;
    digest(null);
    fans = null;
    paused = true;
    pauseReason = ARCHIVED;
  }

  /** Whatever configuration brings is new, but for the tokens that it brought before. */
  void forgetSeed() {
    seededName = null;
    seededFans = null;
    seededTest = null;
  }

  /** An operator's pause replaces any other: a later token does not lift it. */
  void pauseByOperator(boolean pause) {
    paused = pause;
    pauseReason = pause ? OPERATOR : null;
  }

  /** A new token lifts a pause that the old one caused, not one that an operator asked for. */
  void replaceToken(byte[] ciphertext, byte[] digest) {
    token = ciphertext;
    tokenRevision++;
    digest(digest);
    if (paused && !OPERATOR.equals(pauseReason)) {
      pauseByOperator(false);
    }
  }

  /** Keeps the digest of the present token. */
  void digest(byte @Nullable [] digest) {
    tokenDigest = digest;
    tokenDigestRevision = digest == null ? null : (Integer) tokenRevision;
  }

  /** The digest of the present token, if it is kept: not by a pod of the version before. */
  byte @Nullable [] digest() {
    boolean current = tokenDigestRevision != null && tokenDigestRevision == tokenRevision;
    return token != null && current ? tokenDigest : null;
  }

  /** Grows with every change, whatever the clocks of the pods say: it shows which view is newer. */
  void changedAt(Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MICROS);
    updatedAt = time.isAfter(updatedAt) ? time : updatedAt.plus(1, ChronoUnit.MICROS);
  }
}
