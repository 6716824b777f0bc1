package org.psidgateway.transfer.rows;

import java.util.Locale;
import java.util.Optional;

/** The forms in which lists come and go. */
public enum FileFormat {
  CSV("text/csv"),
  TEXT("text/plain"),
  NDJSON("application/x-ndjson"),
  JSON("application/json");

  private final String mediaType;

  FileFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** The form that a media type means, in any case; empty if none is read or written here. */
  public static Optional<FileFormat> of(String mediaTypeWithoutParameters) {
    return switch (mediaTypeWithoutParameters.toLowerCase(Locale.ROOT)) {
      case "text/csv" -> Optional.of(CSV);
      case "text/plain" -> Optional.of(TEXT);
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> Optional.of(NDJSON);
      case "application/json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
