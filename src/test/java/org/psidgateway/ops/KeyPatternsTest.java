package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithParentName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** On the real reader of configuration: only it knows how a variable becomes a key. */
class KeyPatternsTest {

  @ConfigMapping(prefix = "gateway.things")
  interface Things {
    @WithParentName
    Map<String, Thing> byName();

    interface Thing {
      Optional<String> keySha256();

      Optional<List<String>> roles();

      Optional<String> idsPerMinute();
    }
  }

  @ConfigMapping(prefix = "gateway.safe")
  interface Safe {
    Optional<String> key();

    Optional<List<String>> oldKeys();
  }

  @Example
  void keysOfMappings_areKnown_fromFiles() {
    assertThat(
            unknown(
                Map.of(),
                Map.of(
                    "gateway.safe.key", "x",
                    "gateway.safe.old-keys", "x,y",
                    "gateway.things.crm.roles[0]", "x",
                    "gateway.things.\"a.b\".ids-per-minute", "x",
                    "quarkus.whatever", "x",
                    "gatewayish.thing", "x")))
        .isEmpty();
  }

  @Example
  void otherKeys_areNamed_fromFiles() {
    assertThat(
            unknown(
                Map.of(),
                Map.of(
                    "gateway.foo", "x",
                    "gateway.safe.kee", "x",
                    "gateway.safe.key.more", "x",
                    "gateway.safe.old-keys[x]", "x",
                    "gateway.things.crm.rolls", "x",
                    "gateway.things.crm.more.roles", "x")))
        .containsExactly(
            "gateway.foo",
            "gateway.safe.kee",
            "gateway.safe.key.more",
            "gateway.safe.old-keys[x]",
            "gateway.things.crm.more.roles",
            "gateway.things.crm.rolls");
  }

  @Example
  void variablesOfMappings_areKnown() {
    assertThat(
            unknown(
                Map.of(
                    "GATEWAY_SAFE_KEY", "x",
                    "GATEWAY_SAFE_OLD_KEYS", "x",
                    "GATEWAY_SAFE_OLD_KEYS_0_", "x",
                    "GATEWAY_THINGS__100__KEY_SHA256", "x",
                    "GATEWAY_THINGS__MY_CRM__IDS_PER_MINUTE", "x",
                    "PATH", "x"),
                Map.of()))
        .isEmpty();
  }

  @Example
  void otherVariables_areNamedAsTheyAreSpelt() {
    assertThat(
            unknown(
                Map.of(
                    "GATEWAY_PORT", "x",
                    "GATEWAY_SAFE_KEE", "x",
                    "GATEWAY_SAFE_OLDKEYS", "x",
                    "GATEWAY_THINGS__100__KEY_SHA", "x"),
                Map.of()))
        .containsExactly(
            "GATEWAY_PORT",
            "GATEWAY_SAFE_KEE",
            "GATEWAY_SAFE_OLDKEYS",
            "GATEWAY_THINGS__100__KEY_SHA");
  }

  @Property(tries = 200)
  void anEntryOfAMap_isKnownInEveryForm_whateverItsName(@ForAll("names") String name) {
    String variable = "GATEWAY_THINGS__" + name.toUpperCase(Locale.ROOT) + "__ROLES";
    assertThat(unknown(Map.of(variable, "x"), Map.of())).isEmpty();
    assertThat(unknown(Map.of(), Map.of("gateway.things." + name + ".roles", "x"))).isEmpty();
    assertThat(unknown(Map.of(), Map.of("gateway.things.\"" + name + "\".roles", "x"))).isEmpty();
  }

  @Property(tries = 200)
  void aMisspeltLeaf_isNamedInEveryForm(@ForAll("names") String leaf) {
    String key = "gateway.things.\"100\".x" + leaf;
    String variable = "GATEWAY_THINGS__100__X" + leaf.toUpperCase(Locale.ROOT);
    Map<String, String> env = new HashMap<>(Map.of("GATEWAY_THINGS__100__ROLES", "x"));
    env.put(variable, "x");

    assertThat(unknown(Map.of(), Map.of(key, "x"))).containsExactly(key);
    assertThat(unknown(env, Map.of())).containsExactly(variable);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(19);
  }

  private static Set<String> unknown(Map<String, String> env, Map<String, String> file) {
    Map<String, String> patterns = new HashMap<>();
    for (Class<?> mapping : List.of(Things.class, Safe.class)) {
      ConfigMappings.getProperties(ConfigClass.configClass(mapping))
          .keySet()
          .forEach(key -> patterns.put(key, key));
    }
    return new KeyPatterns(patterns.keySet())
        .unknown(
            new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(Things.class)
                .withMapping(Safe.class)
                .withValidateUnknown(false)
                .withSources(new EnvConfigSource(env, 300))
                .withSources(new PropertiesConfigSource(file, "file", 100))
                .build()
                .getPropertyNames());
  }
}
