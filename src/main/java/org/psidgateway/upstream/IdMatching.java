package org.psidgateway.upstream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Tariff.Window;
import org.psidgateway.ops.Faults;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Question.Further;

/**
 * {@code GET /{asid}/ids_for_pages}, one operation per id, in Graph batches of up to 50: each
 * counts as a call, and there is no quota. It is asked as the app, so no Page's limit and no Page's
 * token has to do with it.
 */
final class IdMatching implements Protocol {
  private static final int MAX_BATCH_SIZE = 50;

  /** The first version with this edge. */
  private static final ApiVersion BEGAN_IN = new ApiVersion(2, 9);

  private final Optional<String> version;
  private final Credentials app;
  private final AppSecretProof proof;
  private final Tariff tariff;
  private final InstantSource clock;
  private final MissingEvidence evidence;
  private final OperationMeters meters;

  IdMatching(
      UpstreamConfig config,
      AppConfig app,
      InstantSource clock,
      MissingEvidence evidence,
      OperationMeters meters) {
    this.version = config.version();
    this.app = Credentials.of(app);
    this.proof = new AppSecretProof(this.app.secret(), config.proof(), clock);
    this.tariff =
        new Tariff(
            config.batchSize().orElse(MAX_BATCH_SIZE),
            true,
            false,
            Window.ENDLESS,
            false,
            config.harvest());
    this.clock = clock;
    this.evidence = evidence;
    this.meters = meters;
  }

  @Override
  public Tariff tariff() {
    return tariff;
  }

  @Override
  public void check(Faults faults) {
    // The token is made of both, so dev and tests can't do without them either.
    if (!faults.inProduction()) {
      faults.require(app.id().isPresent(), "gateway.app.id", "empty", "the id of the app");
      faults.require(
          app.secret().isPresent(), "gateway.app.secret", "empty", "the secret of the app");
    }
    version.ifPresent(
        value ->
            faults.require(
                ApiVersion.parse(value).filter(v -> !v.isBefore(BEGAN_IN)).isPresent(),
                "gateway.upstream.version",
                value,
                "like v26.0, and " + BEGAN_IN + " or later, where ids_for_pages began"));
    faults.between("gateway.upstream.batch-size", tariff.batchSize(), 1, MAX_BATCH_SIZE);
  }

  @Override
  public String path() {
    return "";
  }

  /** The token and its proof stand beside the operations, which are URLs. */
  @Override
  public Map<String, String> encode(Question question, String pageToken) {
    Map<String, String> form = new LinkedHashMap<>();
    String token = app.token().orElse("");
    form.put("access_token", token);
    proof.addTo(form, token);
    form.put("include_headers", "true"); // usage may be reported per operation
    form.put("batch", operations(question).toString());
    return form;
  }

  private static ArrayNode operations(Question question) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    for (long asid : question.asids()) {
      Further further = question.further(asid);
      StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
      further
          .only()
          .or(() -> Optional.of(question.page()).filter(page -> !page.isAny()))
          .ifPresent(page -> query.add("page=" + page));
      further
          .after()
          .ifPresent(
              cursor -> query.add("after=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
      operations
          .addObject()
          .put("method", "GET")
          .put("relative_url", asid + "/ids_for_pages" + query);
    }
    return operations;
  }

  @Override
  public Reading decode(Question question, Reply reply) {
    BatchReply batch = BatchReply.read(reply);
    UsageHeaders usage = UsageHeaders.of(batch.headers(), PageId.ANY, clock);
    Outcome outcome =
        batch
            .failure(question.asids().length, usage)
            .orElseGet(() -> answer(question, batch, usage));
    return new Reading(outcome, usage);
  }

  private Outcome answer(Question question, BatchReply batch, UsageHeaders usage) {
    BatchAnswer answer = new BatchAnswer();
    for (int i = 0; i < question.asids().length; i++) {
      long asid = question.asids()[i];
      answer.add(asid, batch.operation(i), question.further(asid).after());
    }
    Outcome.Matched outcome = answer.outcome(usage, evidence);
    meters.answered(outcome, question.asids().length, answer.throttled());
    return outcome;
  }
}
