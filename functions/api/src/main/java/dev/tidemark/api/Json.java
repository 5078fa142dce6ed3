package dev.tidemark.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests, alike on every host, and strictly: what is not known or not of its
 * type is refused, with what was meant.
 */
final class Json {
  private static final ObjectMapper MAPPER = mapper();

  /** What Weaviate lets a request say of the place of a backup, in small letters. */
  private static final Set<String> PLACES = Set.of("backend", "bucket", "endpoint", "path");

  private Json() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }

  /**
   * @param body null for none
   * @throws MalformedRequest where it is not JSON, or too large
   * @throws PermanentFailure INVALID where it is not what was asked for
   */
  static <T> T read(@Nullable String body, Class<T> type) {
    if (body == null || body.isBlank()) {
      throw new MalformedRequest(ProblemKind.MALFORMED, "the body", "a JSON object", "nothing");
    }
    if (body.length() > Api.MAX_BODY_BYTES
        || body.getBytes(StandardCharsets.UTF_8).length > Api.MAX_BODY_BYTES) {
      throw new MalformedRequest(
          ProblemKind.TOO_LARGE, "the body", "at most " + Api.MAX_BODY_BYTES + " bytes", "more");
    }
    try {
      T read = MAPPER.readValue(body, type);
      if (read == null) {
        throw PermanentFailure.of(Kind.INVALID, "the body").expected("a JSON object").found("null");
      }
      return read;
    } catch (UnrecognizedPropertyException e) {
      throw unknown(e);
    } catch (MismatchedInputException e) {
      throw mismatch(e);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof PermanentFailure refusal) {
        throw refusal;
      }
      throw notJson(e);
    } catch (JsonProcessingException e) {
      throw notJson(e);
    }
  }

  private static MalformedRequest notJson(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    // The first line of the message; what follows is the parser's own state.
    String found = e.getOriginalMessage().lines().findFirst().orElse("something else");
    return new MalformedRequest(ProblemKind.MALFORMED, "the body" + place, "JSON", found);
  }

  private static PermanentFailure unknown(UnrecognizedPropertyException e) {
    Collection<Object> known = e.getKnownPropertyIds();
    var names = new TreeSet<String>();
    if (known != null) {
      known.forEach(each -> names.add(String.valueOf(each)));
    }
    List<Reference> above = e.getPath().subList(0, e.getPath().size() - 1);
    return PermanentFailure.of(Kind.INVALID, above.isEmpty() ? "the body" : place(above))
        .expected("fields of " + String.join(", ", names))
        .found("the field '" + e.getPropertyName() + "'")
        .hint(
            PLACES.contains(e.getPropertyName().toLowerCase(Locale.ROOT))
                ? "the configuration says where a vault lies; name it in 'vault'"
                : Nearest.hint(e.getPropertyName(), names));
  }

  private static PermanentFailure mismatch(MismatchedInputException e) {
    return PermanentFailure.of(
            Kind.INVALID, e.getPath().isEmpty() ? "the body" : place(e.getPath()))
        .expected(words(e.getTargetType()))
        .found("something else");
  }

  private static String place(List<Reference> path) {
    return "field "
        + path.stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining())
            .replaceFirst("^\\.", "");
  }

  private static String words(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a whole number";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) ? "an object of texts" : "an object";
  }
}
