package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.logging.InheritableLevel;
import io.quarkus.runtime.logging.LevelConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.ops.Faults;

class ReadableConfigurationTest {

  enum Role {
    READ,
    READ_MORE
  }

  @ConfigMapping(prefix = "gateway")
  interface OneOfEachConfig {
    @WithDefault("7")
    int whole();

    @WithDefault("7")
    long big();

    @WithDefault("0.5")
    double share();

    @WithDefault("true")
    boolean flag();

    @WithDefault("PT1S")
    Duration time();

    @WithDefault("P180D")
    Period days();

    @WithDefault("http://localhost")
    URI address();

    @WithDefault("read-more")
    Role role();

    Optional<LocalDate> date();

    OptionalInt some();

    OptionalLong more();

    Optional<Boolean> perhaps();

    Optional<String> secret();

    Map<String, Entry> entries();

    interface Entry {
      Optional<Set<Role>> roles();

      Optional<List<Integer>> numbers();
    }
  }

  @ConfigMapping(prefix = "gateway.upstream")
  interface ProxyConfig {
    Optional<URI> proxy();
  }

  @ConfigMapping(prefix = "quarkus.server")
  interface FrameworkConfig {
    @WithDefault("80")
    int port();

    @WithDefault("inherit")
    InheritableLevel level();

    @WithDefault("INFO")
    @WithConverter(LevelConverter.class)
    Level ownLevel();

    @WithParentName
    Map<String, Optional<String>> rest();
  }

  @ConfigMapping(prefix = "quarkus.redis")
  interface RedisConfig {
    Optional<Set<URI>> hosts();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gateway.whole             | abc        | is "abc": must be a whole number up to 2147483647
          gateway.whole             | 2147483648 | is "2147483648": must be a whole number up to 2147483647
          gateway.whole             | ''         | is empty: must be a whole number up to 2147483647
          gateway.whole             | 1 2        | is "1 2": must be a whole number up to 2147483647
          gateway.whole             | ${gone}    | refers to another value as ${…}, which does not exist: write $$ for a $
          gateway.big               | 5e6        | is "5e6": must be a whole number
          gateway.share             | 5%         | is "5%": must be a number such as 0.05
          gateway.flag              | ture       | is "ture": must be true or false
          gateway.time              | PT5        | is "PT5": must be a duration such as PT10S, PT5M or P1D
          gateway.days              | 180 days   | is "180 days": must be a number of days such as P180D
          gateway.address           | http://a b | is no address: must be like https://host
          gateway.address           | a:b@c      | is no address: must be like https://host
          gateway.address           | c?secret   | is no address: must be like https://host
          gateway.address           | host:443   | is "host:443": must be like https://host
          gateway.address           | example.org | is "example.org": must be like https://host
          gateway.upstream.proxy    | ftp://host | is no address: must be like http://host:port
          quarkus.redis.hosts       | host:6379  | is "host:6379": must be like redis://host:6379
          quarkus.redis.hosts       | redis://a,http://b | is no address: must be like redis://host:6379
          gateway.role              | raed       | is "raed": must be one of read, read-more
          gateway.date              | 2026-13-01 | is "2026-13-01": must be a date such as 2024-12-31
          gateway.some              | x          | is "x": must be a whole number up to 2147483647
          gateway.more              | x          | is "x": must be a whole number
          gateway.perhaps           | x          | is "x": must be true or false
          gateway.entries.a.roles   | read,wirte | is "read,wirte": must be some of read, read-more
          gateway.entries.a.numbers | 1,x        | is "1,x": must be a whole number up to 2147483647
          gateway.secret            | a${gone}   | refers to another value as ${…}, which does not exist: write $$ for a $
          quarkus.server.level      | LOUD       | is "LOUD": must be a level such as DEBUG, INFO, WARN or OFF
          quarkus.server.own-level  | LOUD       | is "LOUD": must be a level such as DEBUG, INFO, WARN or OFF
          quarkus.server.port       | 80a        | is "80a": must be a whole number up to 2147483647
          """)
  void valueThatCannotBeRead_isReported_andItsKeyHasItsDefault(
      String key, String value, String fault) {
    SmallRyeConfig config = config(Map.of(key, value));

    assertThat(faults(config)).containsExactly(key + " " + fault);
    OneOfEachConfig read = config.getConfigMapping(OneOfEachConfig.class);
    assertThat(read.whole()).isEqualTo(7);
    assertThat(read.role()).isEqualTo(Role.READ_MORE);
    assertThat(read.date()).isEmpty();
  }

  @Test
  void allOfThem_areReportedTogether() {
    Map<String, String> wrong = new HashMap<>();
    for (String key : List.of("whole", "share", "flag", "time", "role", "date", "some")) {
      wrong.put("gateway." + key, "?");
    }
    assertThat(faults(config(wrong))).hasSameSizeAs(wrong.keySet());
  }

  @Test
  void rightValues_areLeftAlone() {
    SmallRyeConfig config =
        config(
            Map.of(
                "gateway.whole", "8",
                "gateway.flag", "No",
                "quarkus.redis.hosts", "redis://:secret@a:6379,unix:///run/redis",
                "gateway.time", "5",
                "gateway.role", "read",
                "gateway.date", "2026-05-01",
                "gateway.some", "",
                "gateway.secret", "?",
                "gateway.entries.a.roles", "read, read-more",
                "quarkus.other", "?"));

    assertThat(faults(config)).isEmpty();
    OneOfEachConfig read = config.getConfigMapping(OneOfEachConfig.class);
    assertThat(read.whole()).isEqualTo(8);
    assertThat(read.flag()).isFalse();
    assertThat(read.time()).isEqualTo(Duration.ofSeconds(5));
    assertThat(read.some()).isEmpty();
    assertThat(read.entries().get("a").roles()).contains(Set.of(Role.values()));
  }

  @Test
  void levels_areRead_inEitherCase() {
    SmallRyeConfig config =
        config(Map.of("quarkus.server.level", "debug", "quarkus.server.own-level", "OFF"));

    assertThat(faults(config)).isEmpty();
    FrameworkConfig read = config.getConfigMapping(FrameworkConfig.class);
    assertThat(read.level().getLevel()).hasToString("DEBUG");
    assertThat(read.ownLevel()).isEqualTo(Level.OFF);
  }

  private static List<String> faults(SmallRyeConfig config) {
    Faults faults = new Faults(true);
    new UnreadableCheck(config).check(faults);
    return faults.all();
  }

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withCustomizers(new ReadableConfiguration())
        .addDiscoveredConverters()
        .withMapping(OneOfEachConfig.class)
        .withMapping(ProxyConfig.class)
        .withMapping(FrameworkConfig.class)
        .withMapping(RedisConfig.class)
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }
}
