package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosingDigestTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#end,1",
        "asid\n#end,1",
        "asid\r\n#end,1\r\n",
        "#en\n#e\n#\n##end\n#end\n\n#ene\n",
        "#end\n#end\n#end\n#en",
        "x#end\n#end #end",
      })
  void digest_isThatBeforeTheLastSuchLine_howeverItIsRead(String text) throws Exception {
    byte[] file = Reading.bytes(text);
    int last = ("\n" + text.replace('\r', '\n')).lastIndexOf("\n#end");
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(file, last));
    for (int piece = 1; piece <= file.length; piece++) {
      assertThat(digest(file, piece)).as("pieces of %d", piece).isEqualTo(expected);
    }
  }

  private static byte[] digest(byte[] file, int piece) throws IOException {
    ClosingDigest in = new ClosingDigest(new ByteArrayInputStream(file), ClosingRow.CSV_START);
    byte[] buffer = new byte[piece];
    while (in.read(buffer, 0, piece) >= 0) {
      // the digest is all that is wanted
    }
    return in.beforeLast();
  }
}
