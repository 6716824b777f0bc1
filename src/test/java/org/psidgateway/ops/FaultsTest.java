package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Faults faults = new Faults(true);

  @Test
  void keyThatCannotBeRead_isReportedOnce_whateverItsDefaultLooksLike() {
    faults.add("gateway.a-more is 1: must be 2");
    faults.add("gateway.a is 0: must be gateway.b or more");
    faults.add("gateway.b is 1: must be gateway.a or more");
    faults.required("gateway.a", false, "a word");
    faults.add("gateway.names.\"x\".c is required");
    faults.unreadable("gateway.names.x.c", "gateway.names.x.c is \"?\"");
    faults.unreadable("gateway.a", "gateway.a is \"x\": must be a whole number");

    assertThat(faults.all())
        .containsExactly(
            "gateway.a is \"x\": must be a whole number",
            "gateway.names.x.c is \"?\"",
            "gateway.a-more is 1: must be 2");
  }
}
