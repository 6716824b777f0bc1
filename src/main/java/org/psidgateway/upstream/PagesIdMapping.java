package org.psidgateway.upstream;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Tariff.Window;
import org.psidgateway.ops.Faults;
import org.psidgateway.upstream.Exchange.Reply;

/**
 * {@code POST /pages_id_mapping}: up to 200 ids per call, and each PSID returned counts against the
 * lifetime quota.
 */
final class PagesIdMapping implements Protocol {
  private static final int MAX_BATCH_SIZE = 200;

  /** The first version without this API. */
  private static final ApiVersion ENDED_IN = new ApiVersion(7, 0);

  private final Optional<String> version;
  private final AppSecretProof proof;
  private final Tariff tariff;
  private final InstantSource clock;

  PagesIdMapping(UpstreamConfig config, AppConfig app, InstantSource clock) {
    this.clock = clock;
    this.version = config.version();
    this.proof = new AppSecretProof(Credentials.of(app).secret(), config.proof(), clock);
    this.tariff =
        new Tariff(
            config.batchSize().orElse(MAX_BATCH_SIZE), false, true, Window.LIMITED, true, false);
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
    faults.require(
        ApiVersion.parse(version).filter(v -> v.isBefore(ENDED_IN)).isPresent(),
        "gateway.upstream.version",
        version,
        "like v6.0, and below " + ENDED_IN + ", where pages_id_mapping ended");
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
    proof.addTo(form, token);
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
