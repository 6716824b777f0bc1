package org.psidgateway.page;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Sha256;
import org.psidgateway.secrets.SecretKeys;

/**
 * Encrypts tokens with AES-256-GCM, the Page's id as associated data: a ciphertext moved to the row
 * of another Page does not decrypt. Each ciphertext starts with a mark of its key, so that former
 * keys go on decrypting. Made at its first use, so that a missing key does not forestall the
 * start-up checks, which report it together with everything else that is wrong. Thread-safe.
 */
@ApplicationScoped
class TokenCipher {
  private static final int MARK_OFFSET = 1; // Tink's version byte comes first
  private static final String DIGESTS = "door";
  private static final long THIS_DATABASE = 0; // no digest leaves it

  private final Aead aead;
  private final Sha256.Hmac digests;
  private final int presentMark;

  TokenCipher(SecretKeys secrets) {
    List<byte[]> keys = secrets.bytes();
    digests = new Sha256.Hmac(secrets.derived(DIGESTS, THIS_DATABASE).get(0));
    try {
      AeadConfig.register();
      presentMark = mark(keys.get(0));
      aead = keyset(keys).getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is not available", e);
    }
  }

  byte[] encrypt(PageId page, String token) {
    try {
      return aead.encrypt(token.getBytes(StandardCharsets.UTF_8), associatedData(page));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a token could not be encrypted", e);
    }
  }

  /**
   * The token.
   *
   * @throws GeneralSecurityException if none of the keys fits, or the ciphertext is another Page's
   */
  String decrypt(PageId page, byte[] ciphertext) throws GeneralSecurityException {
    return new String(aead.decrypt(ciphertext, associatedData(page)), StandardCharsets.UTF_8);
  }

  /** Whether a key other than the present one made this. */
  boolean isOutdated(byte[] ciphertext) {
    return ciphertext.length < MARK_OFFSET + Integer.BYTES
        || ByteBuffer.wrap(ciphertext).getInt(MARK_OFFSET) != presentMark;
  }

  /**
   * What a token is found by: an HMAC under a key derived from the present one, which nobody else
   * can compute or undo. Begins with the mark of the key, like a ciphertext.
   */
  byte[] digest(String token) {
    byte[] mac = digests.of(token);
    return ByteBuffer.allocate(Integer.BYTES + mac.length).putInt(presentMark).put(mac).array();
  }

  /** Whether the present key made this digest. */
  boolean isPresentDigest(byte[] digest) {
    return digest.length > Integer.BYTES && ByteBuffer.wrap(digest).getInt() == presentMark;
  }

  private static KeysetHandle keyset(List<byte[]> keys) throws GeneralSecurityException {
    KeysetHandle.Builder keyset = KeysetHandle.newBuilder();
    Set<Integer> marks = new HashSet<>();
    for (byte[] key : keys) {
      int mark = mark(key);
      if (marks.add(mark)) {
        KeysetHandle.Builder.Entry entry = KeysetHandle.importKey(aesKey(key, mark));
        keyset.addEntry(marks.size() == 1 ? entry.makePrimary() : entry);
      }
    }
    return keyset.build();
  }

  @AccessesPartialKey // the key is the operator's: it comes from configuration, not from Tink
  private static AesGcmKey aesKey(byte[] key, int mark) throws GeneralSecurityException {
    AesGcmParameters parameters =
        AesGcmParameters.builder()
            .setKeySizeBytes(key.length)
            .setIvSizeBytes(12)
            .setTagSizeBytes(16)
            .setVariant(AesGcmParameters.Variant.TINK)
            .build();
    return AesGcmKey.builder()
        .setParameters(parameters)
        .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
        .setIdRequirement(mark)
        .build();
  }

  /** Follows from the key alone, so that all pods agree without keeping anything. */
  private static int mark(byte[] key) {
    return ByteBuffer.wrap(Sha256.hmac(key, "mark of the key")).getInt();
  }

  private static byte[] associatedData(PageId page) {
    return ByteBuffer.allocate(Long.BYTES).putLong(page.value()).array();
  }
}
