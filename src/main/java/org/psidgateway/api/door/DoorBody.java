package org.psidgateway.api.door;

import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;

/** The body of a request: 200 ids, a token and a proof need far less than what is taken. */
record DoorBody(byte[] bytes) {
  private static final int MAX = 1 << 20;

  /** How much of a longer one is read, so that the client can read the refusal. */
  private static final int DROPPED = 8 << 20;

  /**
   * All of it.
   *
   * @throws Problem if it is too long
   */
  static DoorBody read(InputStream in) throws IOException {
    byte[] body = in.readNBytes(MAX + 1);
    if (body.length <= MAX) {
      return new DoorBody(body);
    }
    byte[] dropped = new byte[1 << 13];
    int count = body.length;
    for (int read = 0; read >= 0 && count < DROPPED; read = in.read(dropped)) {
      count += read;
    }
    throw Problem.of(ProblemType.BODY_TOO_LARGE, "The body is longer than this call accepts.");
  }
}
