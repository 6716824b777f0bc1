package org.psidgateway.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferWaitTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=0|0",
        "wait=30|30",
        "wait=31|30",
        "wait=99999999999999999999|30",
        "wait=007|7",
        "WAIT = 5|5",
        "wait=\"5\"|5",
        "respond-async, wait=5|5",
        "wait=5; foo=bar, wait=9|5",
        "handling=lenient;wait=3, wait=4|4",
      })
  void of_takesTheFirstWait_whenWellFormed(String header, int seconds) {
    assertThat(PreferWait.of(List.of(header))).isEqualTo(new PreferWait(seconds, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait",
        "wait=",
        "wait=-1",
        "wait=1.5",
        "wait=abc",
        "wait=\"\"",
        "waits=5",
        "wait=٣"
      })
  void of_isTheDefault_whenMalformed(String header) {
    assertThat(PreferWait.of(List.of(header))).isEqualTo(new PreferWait(2, false));
  }

  @Test
  void of_looksAtAllHeaders() {
    assertThat(PreferWait.of(List.of("return=minimal", "wait=4")).seconds()).isEqualTo(4);
    assertThat(PreferWait.of(null).seconds()).isEqualTo(2);
  }

  @Property
  void of_staysWithinBounds_whateverIsSent(@ForAll String header) {
    assertThat(PreferWait.of(List.of(header)).seconds()).isBetween(0, 30);
    assertThat(PreferWait.of(List.of("wait=" + header)).seconds()).isBetween(0, 30);
  }
}
