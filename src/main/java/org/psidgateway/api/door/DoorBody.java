package org.psidgateway.api.door;

import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;

/** The body of a request: 200 ids, a token and a proof need far less than what is taken. */
record DoorBody(byte[] bytes) {
  /** Nobody is known before it is read, so it must be short enough to be kept for anybody. */
  static final int MAX = 1 << 16;

  /**
   * All of it.
   *
   * @throws Problem if it is too long
   */
  static DoorBody read(InputStream in) throws IOException {
    byte[] body = in.readNBytes(MAX + 1);
    if (body.length > MAX) {
      throw Problem.of(ProblemType.BODY_TOO_LARGE, "The body is longer than this call accepts.");
    }
    return new DoorBody(body);
  }
}
