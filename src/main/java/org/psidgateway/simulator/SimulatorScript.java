package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/**
 * What the simulator does: its Pages, its limits, the shapes of its answers and the faults to come.
 * May be changed at any time from any thread; a call already being answered keeps the settings it
 * began with.
 *
 * <p>Over HTTP, {@code PUT /simulator/script} takes a JSON object of the fields of {@link Settings}
 * and {@link Fault}, in snake_case, with enums in lower case. A field left out keeps its value; a
 * map or list given replaces the old one. An unknown field changes nothing and answers 400. {@code
 * GET /simulator/script} shows all of them but the app secret and the tokens. For example:
 *
 * <pre>{@code
 * {"quota": 1000, "rate_calls": 10, "rate_per_ms": 60000, "psid_style": "plain",
 *  "faults": [{"kind": "lose_reply", "times": 2}, {"kind": "slow", "delay_ms": 300},
 *             {"kind": "error", "status": 400, "error": {"code": 10, "message": "no"}}]}
 * }</pre>
 */
public final class SimulatorScript {

  /** Whether the API is open to the app. */
  public enum Mode {
    OPEN,
    /** Code 12: deprecated. */
    RETIRED,
    /** Code 2500: no such path. */
    RETIRED_PATH,
    /** Code 803: the path is taken for an alias. */
    RETIRED_ALIAS,
    /** Code 100 with subcode 33: the path is taken for an object. */
    RETIRED_OBJECT,
    /** Code 2635: the version is too old. */
    RETIRED_VERSION,
    /** {@link Settings#notAllowedCode}: the app or the Page may not use this API. */
    NOT_ALLOWED
  }

  /** {@code {asid: {"id": psid}}} or {@code {asid: psid}}. */
  public enum PsidStyle {
    OBJECT,
    PLAIN
  }

  /** An answer without any PSID: <code>{}</code> or {@code []}. */
  public enum EmptyStyle {
    OBJECT,
    LIST
  }

  /**
   * How an error lists the invalid ids; JSON_STRING is JSON inside a string, ECHO the whole list as
   * it was asked.
   */
  public enum ErrorDataStyle {
    JSON_STRING,
    OBJECT,
    LIST,
    COMMA_STRING,
    ECHO,
    ABSENT
  }

  /** Headers that report how much of the rate limit is used. */
  public enum UsageHeader {
    APP,
    PAGE,
    BUSINESS
  }

  /** Every setting with its default. Plain data, to be changed inside {@link #change} only. */
  public static final class Settings extends MatchingSettings {
    /** Page id to its access token. */
    public Map<Long, String> pages = new TreeMap<>();

    /** Tokens that are answered with 190 and this subcode; 0 for no subcode. */
    public Map<String, Integer> brokenTokens = new TreeMap<>();

    /** Good tokens, but of no Page: users' tokens, for one. */
    public Set<String> otherTokens = new TreeSet<>();

    /** Subcode of the 190 for an unknown token; null for none. */
    public @Nullable Integer unknownTokenSubcode;

    /** Null or empty: no proof is checked. */
    public @Nullable String appSecret;

    /** Whether a call without proof is refused; a wrong proof always is. */
    public boolean proofRequired = true;

    public Mode mode = Mode.OPEN;

    // Ids. Anything without the form of an id is invalid anyway; invalid takes precedence over
    // unmapped.
    public int maxIds = 200;
    public Set<Long> invalidIds = new TreeSet<>();
    public Set<Long> unmappedIds = new TreeSet<>();
    public List<String> invalidSuffixes = new ArrayList<>();
    public List<String> unmappedSuffixes = new ArrayList<>();

    /** Ids with these endings have a PSID on about half of the Pages, as a hash says. */
    public List<String> partialSuffixes = new ArrayList<>();

    // Shapes.
    public PsidStyle psidStyle = PsidStyle.OBJECT;
    public boolean psidNumbers;
    public EmptyStyle emptyStyle = EmptyStyle.OBJECT;
    public boolean dataWrapper;
    public boolean extraKeys;

    /** Errors come with HTTP status 200. */
    public boolean errorsAsOk;

    public ErrorDataStyle errorDataStyle = ErrorDataStyle.JSON_STRING;
    public String errorDataKey = "invalid_ids";

    // Codes that nobody knows for sure, and HTTP statuses by code, if not the usual ones.
    public int invalidIdsCode = 100;
    public int tooManyIdsCode = 105;
    public int notPageTokenCode = 210;
    public int notAllowedCode = 10;
    public int quotaCode = 4;
    public Map<Integer, Integer> statuses = new TreeMap<>();

    /** PSIDs the simulator returns in its lifetime, repeats included; null: no limit. */
    public @Nullable Long quota;

    /**
     * Calls in any period of {@link #ratePerMs}, refused ones and each operation of a batch counted
     * too; null: no limit.
     */
    public @Nullable Integer rateCalls;

    public long ratePerMs = 3_600_000;

    /** 32 and 800xx count a Page's calls; any other code, the app's. */
    public int rateCode = 4;

    public boolean retryAfter;
    public Set<UsageHeader> usageHeaders =
        new TreeSet<>(Set.of(UsageHeader.APP, UsageHeader.BUSINESS));

    /** Usage headers are left out below this percentage. */
    public int usageFromPercent;

    /**
     * Sent along with every reply of the API, as they stand and in place of those the simulator
     * would send itself; those of a fault go before.
     */
    public Map<String, String> extraHeaders = new TreeMap<>();

    /** A call meets the first of these that applies to it, and every {@code slow} before that. */
    public List<Fault> faults = new ArrayList<>();

    /** For {@link Fault#probability}; setting it starts the same sequence again. */
    public long seed = 1;

    Settings copy() {
      return GraphJson.MAPPER.convertValue(this, Settings.class);
    }
  }

  private static final Set<String> MAY_BE_NULL =
      Set.of("app_secret", "quota", "rate_calls", "unknown_token_subcode");

  private final Random random = new Random(1);
  private volatile Settings settings = new Settings();

  /** A script with this secret, no Pages, and defaults for everything else. */
  public SimulatorScript(String appSecret) {
    settings.appSecret = appSecret;
  }

  /** Adds a Page, or gives it another token; the previous token is then unknown. */
  public SimulatorScript page(long page, String token) {
    return change(s -> s.pages.put(page, token));
  }

  /** Adds a fault behind those already waiting. */
  public SimulatorScript fault(Fault fault) {
    return change(s -> s.faults.add(fault));
  }

  public SimulatorScript clearFaults() {
    return change(s -> s.faults.clear());
  }

  /**
   * Changes several settings at once: calls see all of the change or nothing.
   *
   * @throws IllegalArgumentException if a setting would make no sense; nothing is changed then
   */
  public synchronized SimulatorScript change(Consumer<Settings> edit) {
    Settings draft = settings.copy();
    edit.accept(draft);
    publish(draft, draft.seed != settings.seed);
    return this;
  }

  /** The present settings; not to be changed. */
  public Settings settings() {
    return settings;
  }

  synchronized void apply(byte[] json) throws IOException {
    Settings draft = settings.copy();
    ObjectNode given = GraphJson.MAPPER.readValue(json, ObjectNode.class);
    given
        .properties()
        .forEach(
            field ->
                SettingsCheck.require(
                    !field.getValue().isNull() || MAY_BE_NULL.contains(field.getKey()),
                    field.getKey() + " may not be null"));
    GraphJson.MAPPER.readerForUpdating(draft).readValue(given);
    publish(draft, given.has("seed"));
  }

  private void publish(Settings draft, boolean reseed) {
    SettingsCheck.check(draft);
    if (reseed) {
      random.setSeed(draft.seed);
    }
    settings = draft;
  }

  /** The faults that this call meets; each is used up by one. {@code page} is 0 where unknown. */
  synchronized List<@Nullable Fault> takeFaults(long page) {
    return take(FaultDraw.ofCall(settings.faults, page, random));
  }

  /** The fault of each operation of a batch, or null; a fault is used up by one batch. */
  synchronized List<@Nullable Fault> takeFaults(long[] pages) {
    return take(FaultDraw.ofOperations(settings.faults, pages, random));
  }

  private List<@Nullable Fault> take(FaultDraw draw) {
    if (!draw.left().equals(settings.faults)) {
      change(s -> s.faults = draw.left());
    }
    return draw.struck();
  }

  /** Whether this person has a PSID on this Page: {@link SimulatedGraph#psidOf} says which. */
  public boolean maps(long page, long asid) {
    return People.isOn(settings, page, asid);
  }
}
