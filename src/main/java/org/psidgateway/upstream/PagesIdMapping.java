package org.psidgateway.upstream;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.Faults;
import org.psidgateway.upstream.Exchange.Reply;

/**
 * {@code POST /pages_id_mapping}: up to 200 ids per call, and each PSID returned counts against the
 * lifetime quota.
 */
final class PagesIdMapping implements Protocol {
  private static final int MAX_BATCH_SIZE = 200;

  /** The first version without this API. */
  private static final int ENDED_IN = 7;

  private static final Pattern VERSION = Pattern.compile("v(\\d{1,4})\\.\\d{1,4}");

  private final Optional<String> version;
  private final Optional<String> secret;
  private final Tariff tariff;
  private final InstantSource clock;

  PagesIdMapping(UpstreamConfig config, AppConfig app, InstantSource clock) {
    this.clock = clock;
    this.version = config.version();
    this.secret = app.secret().map(String::strip).filter(text -> !text.isEmpty());
    this.tariff = new Tariff(config.batchSize(), false, true, true, true, false);
  }

  @Override
  public Tariff tariff() {
    return tariff;
  }

  @Override
  public void check(Faults faults) {
    version.ifPresent(value -> check(value, faults));
    faults.between("gateway.upstream.batch-size", tariff.batchSize(), 1, MAX_BATCH_SIZE);
  }

  private static void check(String version, Faults faults) {
    Matcher matcher = VERSION.matcher(version);
    faults.require(
        matcher.matches() && Integer.parseInt(matcher.group(1)) < ENDED_IN,
        "gateway.upstream.version",
        version,
        "like v6.0, and below v" + ENDED_IN + ".0, where pages_id_mapping ended");
  }

  @Override
  public String path() {
    return "pages_id_mapping";
  }

  /** The Page is the one that the token belongs to. */
  @Override
  public Map<String, String> encode(Question question, String token) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("access_token", token);
    secret.ifPresent(key -> form.put("appsecret_proof", AppSecretProof.of(key, token)));
    // With true, an invalid id would look like one without a PSID.
    form.put("ignore_invalid_ids", "false");
    form.put(
        "user_ids",
        Arrays.stream(question.asids()).mapToObj(Long::toString).collect(Collectors.joining(",")));
    return form;
  }

  @Override
  public Reading decode(Question question, Reply reply) {
    UsageHeaders usage = UsageHeaders.of(reply.headers(), question.page(), clock);
    Outcome outcome = AnswerParser.parse(reply.status(), reply.body(), question.asids(), usage);
    return new Reading(outcome, usage);
  }
}
