package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.MatchingSettings.UsagePlace;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Writes the answer to a batch, one element for each operation. */
final class Batch {
  private static final Set<Kind> UNANSWERED =
      EnumSet.of(Kind.HANG, Kind.HANG_AFTER_ACTING, Kind.RESET, Kind.LOSE_REPLY);

  private final Settings settings;
  private final boolean withHeaders;
  private final ArrayNode elements = GraphJson.MAPPER.createArrayNode();
  private Map<String, String> usage = Map.of();

  Batch(Settings settings, GraphRequest request) {
    this.settings = settings;
    withHeaders = !"false".equalsIgnoreCase(request.get("include_headers"));
  }

  /** {@code fault} is the one that struck this operation; null for none. */
  void add(Answer answer, GraphOperation operation, @Nullable Fault fault) {
    if (!answer.usage().isEmpty()) {
      usage = answer.usage();
    }
    if (fault != null && UNANSWERED.contains(fault.kind())) {
      elements.addNull();
      return;
    }
    ObjectNode element = elements.addObject();
    Reply reply = answer.reply();
    if (settings.textCodes) {
      element.put("code", Integer.toString(reply.status()));
    } else {
      element.put("code", reply.status());
    }
    if (withHeaders) {
      ArrayNode headers = element.putArray("headers");
      headers(answer, operation, fault)
          .forEach((name, value) -> headers.addObject().put("name", name).put("value", value));
    }
    if (!reply.body().isEmpty()) {
      element.put("body", reply.body());
    }
  }

  private Map<String, String> headers(
      Answer answer, GraphOperation operation, @Nullable Fault fault) {
    Map<String, String> usual = new LinkedHashMap<>();
    usual.put("Content-Type", answer.reply().contentType());
    if (!operation.version().isEmpty()) {
      usual.put("Facebook-API-Version", operation.version());
    }
    Reply reply = answer.reply().with(usual);
    if (settings.usagePlace != UsagePlace.CALL) {
      reply = reply.with(answer.usage());
    }
    Map<String, String> ofFault = fault == null ? null : fault.headers();
    return reply
        .overriddenBy(settings.operationHeaders)
        .overriddenBy(Objects.requireNonNullElse(ofFault, Map.of()))
        .headers();
  }

  Reply reply(List<Answer> answers) {
    long[] psids =
        answers.stream().flatMapToLong(a -> Arrays.stream(a.reply().returned())).toArray();
    Reply reply = Reply.converted(GraphJson.write(elements), psids);
    return settings.usagePlace == UsagePlace.OPERATIONS ? reply : reply.with(usage);
  }
}
