package org.psidgateway.upstream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Outcome.Uncertain;

/**
 * The answer to a Graph batch: a list with one element per operation, in their order, or an error
 * of the whole.
 *
 * @param root missing if the body is not JSON
 */
record BatchReply(Reply reply, JsonNode root) {
  /** A key that is repeated means that something is garbled: a tree would keep one of the two. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int ABSENT = -1;

  /**
   * The answer to one operation.
   *
   * @param status negative if there is no answer
   * @param body missing if it is not JSON
   */
  record Operation(int status, JsonNode body) {
    static final Operation UNANSWERED = new Operation(ABSENT, MissingNode.getInstance());
  }

  static BatchReply read(Reply reply) {
    return new BatchReply(reply, parse(reply.body()));
  }

  /** Those of the answer and of all its elements, for what they say about limits. */
  List<Map.Entry<String, String>> headers() {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : reply.headers()) {
      headers.add(header);
    }
    for (JsonNode element : root) {
      for (JsonNode header : element.path("headers")) {
        JsonNode value = header.path("value");
        headers.add(
            Map.entry(
                header.path("name").asText(),
                value.isTextual() ? value.asText() : value.toString()));
      }
    }
    return headers;
  }

  /** The outcome of the whole, unless the operations have ends of their own. */
  Optional<Outcome> failure(int asked, UsageHeaders usage) {
    GraphError error = root.isObject() ? GraphError.in(root, reply.status()) : null;
    if (error != null) {
      return Optional.of(ErrorClassifier.classifyAsApp(error, reply.status(), usage));
    }
    Optional<Outcome> byStatus = ErrorClassifier.byStatus(reply.status(), usage);
    return byStatus.isPresent() ? byStatus : fault(asked).map(Uncertain::new);
  }

  private Optional<String> fault(int asked) {
    if (reply.body().length == 0) {
      return Optional.of("empty_answer");
    }
    if (root.isMissingNode()) {
      return Optional.of("not_json");
    }
    return root.isArray() && root.size() <= asked ? Optional.empty() : Optional.of("not_a_batch");
  }

  /** The {@code i}th; a list that is too short leaves the last ones unanswered. */
  Operation operation(int i) {
    JsonNode element = root.path(i);
    String code = element.path("code").asText().strip();
    if (!code.matches("[1-9]\\d{2}")) {
      return Operation.UNANSWERED;
    }
    JsonNode body = element.path("body");
    return new Operation(Integer.parseInt(code), body.isTextual() ? parse(body.asText()) : body);
  }

  private static JsonNode parse(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
