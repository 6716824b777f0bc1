package org.psidgateway.api.migration;

import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;

/** {@code Repr-Digest} (RFC 9530): what the bytes of the body should add up to. */
final class ReprDigest {
  static final String HEADER = "Repr-Digest";

  private static final Pattern MEMBER =
      Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*=*):\\s*(;.*)?");
  private static final int LENGTH = 32;

  private ReprDigest() {}

  /** The SHA-256, the last one if there are several; null if none is given. */
  static byte @Nullable [] sha256(List<String> headers) {
    byte[] found = null;
    for (String header : headers) {
      for (String member : header.split(",", -1)) {
        Matcher form = MEMBER.matcher(member);
        if (!form.matches()) {
          throw malformed();
        }
        if (form.group(1).equals("sha-256")) {
          found = decoded(form.group(2));
        }
      }
    }
    return found;
  }

  private static byte[] decoded(String base64) {
    try {
      byte[] digest = Base64.getDecoder().decode(base64);
      if (digest.length == LENGTH) {
        return digest;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw malformed();
  }

  private static Problem malformed() {
    return Problem.parameter(
        HEADER, "must be of the form sha-256=:<base64>:, over the body as it is sent");
  }
}
