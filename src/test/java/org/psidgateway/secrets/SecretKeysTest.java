package org.psidgateway.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.subtle.Hkdf;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.psidgateway.ops.Faults;

class SecretKeysTest {

  @Test
  void faults_nameThePropertyAndNotItsValue() {
    String tooShort = "dG9vIHNob3J0";
    assertThat(faults(Secrets.config(tooShort, "no*base64")))
        .containsExactly(
            "gateway.secrets.key must be the base64 of 32 bytes",
            "gateway.secrets.old-keys must be the base64 of 32 bytes");
    assertThat(faults(new Secrets(Optional.empty(), Optional.empty())))
        .containsExactly("gateway.secrets.key is required: 32 random bytes in Base64; keep them");
    assertThat(faults(Secrets.config(Secrets.A + "\n", Secrets.B))).isEmpty();
  }

  @Test
  void keyOfTheProfilesDevAndTest_isReported_inProductionAlone() throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
      properties.load(reader);
    }
    for (String profile : List.of("dev", "test")) {
      String published = properties.getProperty("%" + profile + ".gateway.secrets.key") + "\n";
      assertThat(faults(Secrets.config(published)))
          .singleElement()
          .asString()
          .startsWith("gateway.secrets.key holds the key that is published");
      assertThat(faults(Secrets.config(Secrets.A, published)))
          .singleElement()
          .asString()
          .startsWith("gateway.secrets.old-keys holds the key that is published");
      Faults inTests = new Faults(false);
      new SecretsCheck(Secrets.config(published)).check(inTests);
      assertThat(inTests.all()).isEmpty();
    }
  }

  private static List<String> faults(Secrets secrets) {
    Faults faults = new Faults(true);
    new SecretsCheck(secrets).check(faults);
    return faults.all();
  }

  @Test
  void derived_isHkdf_overPurposeAndDeployment() throws GeneralSecurityException {
    byte[] key = Base64.getDecoder().decode(Secrets.A);
    byte[] extracted = hmac(new byte[32], key);
    byte[] info = HexFormat.of().parseHex("7265646973" + "0102030405060708" + "01");

    assertThat(Secrets.of(Secrets.A).derived("redis", 0x0102030405060708L))
        .containsExactly(hmac(extracted, info));
  }

  @Test
  void hkdf_isThatOfRfc5869_testCase3() throws GeneralSecurityException {
    byte[] key = HexFormat.of().parseHex("0b".repeat(22));

    byte[] derived = Hkdf.computeHkdf("HmacSha256", key, new byte[0], new byte[0], 42);

    assertThat(HexFormat.of().formatHex(derived))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                + "9d201395faa4b61a96c8");
  }

  @Test
  void derived_differsByKeyPurposeAndDeployment() {
    SecretKeys keys = Secrets.of(Secrets.A, Secrets.B);

    assertThat(keys.derived("redis", 1)).hasSize(2).doesNotHaveDuplicates();
    assertThat(keys.derived("redis", 1).get(1))
        .isEqualTo(Secrets.of(Secrets.B).derived("redis", 1).get(0));
    assertThat(keys.derived("redis", 2).get(0)).isNotEqualTo(keys.derived("redis", 1).get(0));
    assertThat(keys.derived("rediz", 1).get(0)).isNotEqualTo(keys.derived("redis", 1).get(0));
    assertThat(keys.derived("redis", 1).get(0)).isNotEqualTo(keys.bytes().get(0));
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
