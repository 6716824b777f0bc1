package org.psidgateway.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WithoutNumbersTest {
  @Test
  void failure_keepsItsTraceAndCauses_andLosesIds() {
    Throwable failure =
        new IllegalStateException(
            "no row for 10154673853349851",
            new NumberFormatException("For input string: \"1015x\""));
    StringWriter text = new StringWriter();
    WithoutNumbers.of(failure).printStackTrace(new PrintWriter(text));
    assertThat(text.toString())
        .startsWith("java.lang.IllegalStateException: no row for #")
        .contains("Caused by: java.lang.NumberFormatException: For input string: \"#x\"")
        .contains("at " + WithoutNumbersTest.class.getName())
        .doesNotContain("1015");
  }

  @Test
  void failure_thatCausesItself_ends() {
    Exception one = new Exception("1");
    Exception other = new Exception("2", one);
    one.initCause(other);
    assertThat(WithoutNumbers.of(one)).hasToString("java.lang.Exception: #");
  }
}
