package org.psidgateway.it;

import static org.psidgateway.it.World.PAGE;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;

/** Something to ask, and what is wrong with an answer of status 200: empty if nothing is. */
record Question(
    String method, String path, int patience, String body, Function<Answer, String> wrong) {
  private static final String RESOLVE = "/v1/pages/" + PAGE + "/mappings/resolve";

  static Question known(long... asids) {
    return new Question(
        "POST",
        RESOLVE,
        1,
        Gateway.resolveBody(asids),
        answer ->
            answer.mappings().size() == asids.length ? untrue(answer) : "known id not answered");
  }

  static Question knownId(long asid) {
    String psid = Long.toString(SimulatedGraph.psidOf(PAGE, asid));
    return new Question(
        "GET",
        "/v1/pages/" + PAGE + "/mappings/" + asid,
        0,
        "",
        answer -> psid.equals(answer.body().path("psid").asText()) ? "" : "known id not answered");
  }

  /** Each is answered, or pending. */
  static Question newIds(long... asids) {
    return new Question(
        "POST",
        RESOLVE,
        2,
        Gateway.resolveBody(asids),
        answer -> {
          Map<Long, Long> mappings = answer.mappings();
          Map<String, String> others = answer.unresolved();
          boolean all =
              Arrays.stream(asids)
                  .allMatch(
                      id ->
                          mappings.containsKey(id)
                              || others.getOrDefault(Long.toString(id), "").startsWith("pending/"));
          return all ? untrue(answer) : "neither answered nor pending: " + others.values();
        });
  }

  private static String untrue(Answer answer) {
    return answer.mappings().entrySet().stream()
            .allMatch(e -> e.getValue() == SimulatedGraph.psidOf(PAGE, e.getKey()))
        ? ""
        : "wrong PSID";
  }
}
