package org.psidgateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.time.Ticker;

class CallersTest {
  /** Of "dev" and of "reader". */
  private static final String DEV =
      "ef260e9aa3c673af240d17a2660480361a8e081d1ffeca2a5ed0e3219fc18567";

  private static final String READER =
      "3d0941964aa3ebdcb00ccef58b1bb399f9f898465e9886d5aec7f31090a0fb30";

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static Map<String, String> caller(String hash) {
    return Map.of("gateway.callers.crm.key-sha256", hash, "gateway.callers.crm.roles", "read");
  }

  private static Callers callers(Map<String, String> properties) {
    return new Callers(config(properties), Ticker.system());
  }

  private static CallersConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withMapping(CallersConfig.class)
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(CallersConfig.class);
  }

  @Test
  void identify_findsTheCaller_byEachOfItsKeys() {
    Callers callers =
        callers(
            Map.of(
                "gateway.callers.crm.key-sha256",
                DEV + ", " + READER.toUpperCase(java.util.Locale.ROOT),
                "gateway.callers.crm.roles",
                "read,convert"));
    for (String key : new String[] {"dev", "reader"}) {
      SecurityIdentity identity = callers.identify(key);
      assertThat(identity).isNotNull();
      assertThat(identity.getPrincipal().getName()).isEqualTo("crm");
      assertThat(identity.getRoles()).containsExactlyInAnyOrder("read", "convert");
    }
    assertThat(callers.identify("Dev")).isNull();
    assertThat(callers.identify("")).isNull();
    assertThat(callers.identify(DEV)).isNull();
  }

  @Test
  void config_isRead_whenItIsInTheEnvironmentAlone() {
    CallersConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(CallersConfig.class)
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "GATEWAY_CALLERS__CRM__KEY_SHA256", DEV,
                        "GATEWAY_CALLERS__CRM__ROLES", "read",
                        "GATEWAY_CALLERS__CRM__IDS_PER_MINUTE", "600"),
                    300))
            .build()
            .getConfigMapping(CallersConfig.class);
    assertThat(config.byName()).containsOnlyKeys("crm");
    assertThat(config.byName().get("crm").idsPerMinute()).hasValue(600);
    assertThat(new Callers(config, Ticker.system()).identify("dev")).isNotNull();
  }

  @Test
  void identify_knowsNobody_byABlankKey() {
    Callers callers = callers(caller(EMPTY));
    assertThat(callers.identify("")).isNull();
    assertThat(callers.identify("\u001c\u001f ")).isNull();
  }

  @Test
  void allowance_isOneForAllKeysOfACaller() {
    Callers callers =
        callers(
            Map.of(
                "gateway.callers.crm.key-sha256", DEV + "," + READER,
                "gateway.callers.crm.roles", "read",
                "gateway.callers.crm.ids-per-minute", "600"));
    Allowance byOne = callers.identify("dev").getAttribute(Access.ALLOWANCE);
    Allowance byTheOther = callers.identify("reader").getAttribute(Access.ALLOWANCE);
    assertThat(byOne).isSameAs(byTheOther);
    assertThat(byOne.idsPerMinute()).isEqualTo(600);
  }
}
