package org.psidgateway.transfer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileFormatTest {

  @ParameterizedTest
  @EnumSource
  void format_isFoundByItsMediaType(FileFormat format) {
    assertThat(FileFormat.of(format.mediaType())).contains(format);
  }

  @Test
  void mediaType_isReadInAnyCase_andUnderItsOtherNames() {
    assertThat(FileFormat.of("Text/CSV")).contains(FileFormat.CSV);
    assertThat(FileFormat.of("application/ndjson")).contains(FileFormat.NDJSON);
    assertThat(FileFormat.of("application/jsonl")).contains(FileFormat.NDJSON);
    assertThat(FileFormat.of("application/xml")).isEmpty();
  }
}
