package org.psidgateway.migration.list;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/**
 * Rows in the binary format of COPY, which needs no escapes (PostgreSQL's manual, COPY, Binary
 * Format). Not thread-safe.
 */
final class BinaryRows {
  private static final int SIZE = 1 << 20;
  private static final short COLUMNS = 3;
  private static final int NULL = -1;
  private static final short END = -1;
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(SIZE + SIZE / 8);
  private final ByteBuffer fixed = ByteBuffer.allocate(32);
  private boolean empty;

  BinaryRows() {
    clear();
  }

  void clear() {
    empty = true;
    bytes.reset();
    bytes.writeBytes(SIGNATURE);
    put(fixed.putLong(0)); // neither flags nor an extension
  }

  void add(long line, long asid, byte @Nullable [] cells) {
    empty = false;
    fixed.putShort(COLUMNS).putInt(Long.BYTES).putLong(line);
    if (asid == Ids.MALFORMED) {
      fixed.putInt(NULL);
    } else {
      fixed.putInt(Long.BYTES).putLong(asid);
    }
    put(fixed.putInt(cells == null ? NULL : cells.length));
    if (cells != null) {
      bytes.writeBytes(cells);
    }
  }

  boolean isFull() {
    return bytes.size() > SIZE;
  }

  boolean isEmpty() {
    return empty;
  }

  /** All of it; nothing may be added until it is cleared. */
  byte[] end() {
    put(fixed.putShort(END));
    return bytes.toByteArray();
  }

  private void put(ByteBuffer numbers) {
    bytes.write(numbers.array(), 0, numbers.position());
    numbers.clear();
  }
}
