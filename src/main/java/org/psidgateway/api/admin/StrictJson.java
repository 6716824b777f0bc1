package org.psidgateway.api.admin;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.psidgateway.api.problem.BodyErrors;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;

/**
 * Reads small bodies and takes them at their word: nothing is coerced, unknown and repeated fields
 * are errors, and what is wrong is reported by place, never by value. Blocking.
 */
@Singleton
public class StrictJson {
  private static final int MAX_BYTES = 64 << 10;

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  /**
   * The body as a {@code type}.
   *
   * @throws Problem if it is too long, no JSON, or not of that type
   */
  public <T> T read(InputStream body, Class<T> type) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw Problem.of(ProblemType.BODY_TOO_LARGE, "The body is longer than this call accepts.")
          .with("max_bytes", MAX_BYTES)
          .header("Connection", "close");
    }
    BodyErrors errors = new BodyErrors();
    try {
      T value = mapper.readValue(bytes, type);
      if (value != null) {
        return value;
      }
      errors.add("", "must be a JSON object");
    } catch (JsonMappingException e) {
      errors.add(pointer(e), detail(e));
    } catch (JsonProcessingException e) {
      errors.add("", "not well-formed JSON, or a field is repeated");
    } catch (IOException e) {
      errors.add("", "not well-formed JSON");
    }
    throw errors.toProblem();
  }

  /**
   * For calls without a body: an empty one, or an empty object.
   *
   * @throws Problem if there is anything else
   */
  public void readNothing(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > 0) {
      read(new ByteArrayInputStream(bytes), Nothing.class);
    }
  }

  private record Nothing() {}

  private static String pointer(JsonMappingException e) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      String name = step.getFieldName();
      pointer.append(name == null ? "/" + step.getIndex() : BodyErrors.pointer(name));
    }
    return pointer.toString();
  }

  private static String detail(JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return "unknown field";
    }
    Class<?> type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type == null) {
      return "has the wrong type";
    } else if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(Object::toString)
          .collect(joining(", ", "must be one of ", ""));
    } else if (type == String.class) {
      return "must be a string";
    } else if (type == Boolean.class) {
      return "must be true or false";
    }
    if (type == Double.class) {
      return "must be a number";
    }
    return type == Long.class ? "must be an integer" : "must be a JSON object";
  }
}
