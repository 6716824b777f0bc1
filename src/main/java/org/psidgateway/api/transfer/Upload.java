package org.psidgateway.api.transfer;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.db.Outage;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.UnreadableFile;

/**
 * How a request says what file it brings, and what is answered if that file can't be read. The body
 * of a refused request is read and dropped as far as {@link UploadBody} goes, so that the refusal
 * reaches a client that is still writing.
 *
 * @param separator null if it is to be found out
 */
public record Upload(
    FileFormat format, boolean gzip, @Nullable Character separator, UploadBody body) {

  /** SQL state of a privilege that is missing. */
  private static final String NOT_ALLOWED = "42501";

  private static final Logger LOG = Logger.getLogger(Upload.class);

  /** In all others ids are the same bytes as in UTF-8, and it shows if other text is not. */
  private static final Pattern WIDE = Pattern.compile("(?i)(utf-?(16|32)|ucs-).*");

  /** What a call takes. */
  public record Rules(Set<FileFormat> forms, long mostRows, long mostBytes) {
    String types() {
      return forms.stream().map(FileFormat::mediaType).sorted().collect(Collectors.joining(", "));
    }
  }

  /** What is done with the body. */
  @FunctionalInterface
  public interface Reading<T> {
    T of(Upload upload) throws Exception;
  }

  /**
   * Throws the problem of a file that can't be read, of any other refusal of {@code reading}, and
   * of a body that breaks off.
   */
  public static <T> T read(
      RoutingContext context,
      InputStream in,
      Ticker ticker,
      @Nullable String separator,
      Rules rules,
      Reading<T> reading)
      throws Exception {
    UploadBody body = new UploadBody(in, ticker);
    boolean accepted = false;
    try {
      T answer = reading.of(of(context, separator, rules, body));
      accepted = true;
      return answer;
    } catch (UnreadableFile e) {
      throw unreadable(e, rules);
    } catch (IOException e) {
      throw Problem.of(
          ProblemType.MALFORMED_REQUEST,
          "The body broke off, or came too slowly. Nothing of it was kept.");
    } finally {
      if (!accepted) {
        body.drop();
      }
    }
  }

  private static Upload of(
      RoutingContext context, @Nullable String separator, Rules rules, UploadBody body) {
    return new Upload(
        format(context.request().getHeader(HttpHeaders.CONTENT_TYPE), rules),
        "gzip".equalsIgnoreCase(context.request().getHeader(HttpHeaders.CONTENT_ENCODING)),
        separator == null ? null : separator(separator),
        body);
  }

  private static FileFormat format(@Nullable String header, Rules rules) {
    if (header == null) {
      throw unsupported("The request does not say what form the file has.", rules);
    }
    MediaType type;
    try {
      type = MediaType.valueOf(header);
    } catch (IllegalArgumentException e) {
      throw unsupported("The Content-Type is malformed.", rules);
    }
    String charset = type.getParameters().getOrDefault("charset", "utf-8");
    if (WIDE.matcher(charset).matches()) {
      throw unsupported("Files are read as UTF-8 alone. Save the file as UTF-8.", rules);
    }
    return FileFormat.of(type.getType() + "/" + type.getSubtype())
        .filter(rules.forms()::contains)
        .orElseThrow(() -> unsupported("Files of this type are not read here.", rules));
  }

  private static Problem unsupported(String what, Rules rules) {
    return Problem.of(
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            what + " Name the form in Content-Type: one of " + rules.types() + ".")
        .header(HttpHeaders.ACCEPT, rules.types());
  }

  private static char separator(String text) {
    return switch (text) {
      case "," -> ',';
      case ";" -> ';';
      case "\t", "tab" -> '\t';
      default -> throw Problem.parameter("separator", "must be a comma, a semicolon, or tab");
    };
  }

  private static Problem unreadable(UnreadableFile e, Rules rules) {
    Problem problem =
        switch (e.kind()) {
          case ENCODING, SYNTAX, COLUMNS, CLOSING_ROW ->
              Problem.of(ProblemType.MALFORMED_REQUEST, sentence(e) + " Nothing of it was kept.");
          case TOO_LARGE, BOMB, TOO_MANY_ROWS ->
              Problem.of(ProblemType.BATCH_TOO_LARGE, sentence(e) + " Nothing of it was kept.")
                  .with("max_ids", rules.mostRows())
                  .with("max_bytes", rules.mostBytes());
        };
    return e.line() > 0 ? problem.with("line", e.line()) : problem;
  }

  /** What is to be thrown for a failure of PostgreSQL while a list was stored. */
  public static Exception failed(SQLException e) {
    if (NOT_ALLOWED.equals(e.getSQLState())) {
      LOG.error(
          "Lists and imports need a database role that may create tables: grant create on the schema to it");
      return Problem.of(
          ProblemType.INTERNAL,
          "The gateway's database role may not create tables. Tell the operators.");
    }
    return Outage.is(e) ? Problem.uncertain() : e;
  }

  private static String sentence(UnreadableFile e) {
    String text = String.valueOf(e.getMessage());
    return text.endsWith(".") ? text : text + ".";
  }
}
