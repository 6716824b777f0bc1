package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;
import org.psidgateway.secrets.Secrets;

class TokenCipherTest {
  private static final PageId PAGE = new PageId(100);
  private static final String TOKEN = "EAAB-a-token-of-a-page";

  private final TokenCipher a = new TokenCipher(Secrets.of(Secrets.A));
  private final TokenCipher b = new TokenCipher(Secrets.of(Secrets.B));
  private final TokenCipher bAfterA = new TokenCipher(Secrets.of(Secrets.B, Secrets.A));

  @Test
  void decrypt_givesTheToken_byAnotherCipherOfTheSameKey() throws Exception {
    byte[] ciphertext = a.encrypt(PAGE, TOKEN);

    assertThat(new TokenCipher(Secrets.of(Secrets.A)).decrypt(PAGE, ciphertext)).isEqualTo(TOKEN);
    assertThat(new String(ciphertext, StandardCharsets.ISO_8859_1)).doesNotContain(TOKEN);
  }

  @Test
  void encrypt_neverRepeatsItself_forTheSameToken() {
    assertThat(a.encrypt(PAGE, TOKEN)).isNotEqualTo(a.encrypt(PAGE, TOKEN));
  }

  @Test
  void decrypt_fails_forAnotherPage() {
    byte[] ciphertext = a.encrypt(PAGE, TOKEN);

    assertThatThrownBy(() -> a.decrypt(new PageId(101), ciphertext))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void decrypt_fails_withoutTheKeyThatEncrypted() {
    assertThatThrownBy(() -> b.decrypt(PAGE, a.encrypt(PAGE, TOKEN)))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void decrypt_fails_whenAnyBitIsChanged() {
    byte[] ciphertext = a.encrypt(PAGE, TOKEN);
    for (int i = 0; i < ciphertext.length; i++) {
      byte[] changed = ciphertext.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> a.decrypt(PAGE, changed))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void formerKey_decryptsAndIsOutdated_afterRotation() throws Exception {
    byte[] former = a.encrypt(PAGE, TOKEN);

    assertThat(bAfterA.decrypt(PAGE, former)).isEqualTo(TOKEN);
    assertThat(bAfterA.isOutdated(former)).isTrue();
    assertThat(a.isOutdated(former)).isFalse();
  }

  @Test
  void presentKey_encrypts_beforeAnyFormerOne() throws Exception {
    byte[] ciphertext = bAfterA.encrypt(PAGE, TOKEN);

    assertThat(bAfterA.isOutdated(ciphertext)).isFalse();
    assertThat(b.decrypt(PAGE, ciphertext)).isEqualTo(TOKEN);
  }

  @Test
  void cipher_works_whenTheSameKeyIsPresentAndFormer() throws Exception {
    TokenCipher doubled = new TokenCipher(Secrets.of(Secrets.A, Secrets.A, Secrets.B));

    assertThat(doubled.decrypt(PAGE, b.encrypt(PAGE, TOKEN))).isEqualTo(TOKEN);
    assertThat(a.decrypt(PAGE, doubled.encrypt(PAGE, TOKEN))).isEqualTo(TOKEN);
  }

  @Test
  void malformedKey_isNamed_andNotQuoted() {
    String tooShort = "dG9vIHNob3J0";
    assertThatThrownBy(() -> new TokenCipher(Secrets.of(tooShort)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gateway.secrets.key")
        .hasMessageNotContaining(tooShort);
  }
}
