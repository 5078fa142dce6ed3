package dev.tidemark.node.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects as rows of the database: key {@code o} + id, value: format byte 1, the number of
 * dimensions (4 bytes), the floats (4 bytes each), the properties as JSON; little-endian. Checks
 * the limits of what it encodes.
 */
final class ObjectCodec {
  static final int MAX_ID_BYTES = 128;
  static final int MAX_PROPERTIES_BYTES = 64 << 10;
  static final byte OBJECT = 'o';

  private static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 5;
  private static final TypeReference<Map<String, Object>> PROPERTIES = new TypeReference<>() {};
  private static final JsonMapper JSON = Json.mapper();

  private ObjectCodec() {}

  static byte[] key(@Nullable String id) {
    byte[] bytes = id == null ? new byte[0] : utf8(id);
    if (id == null
        || bytes.length == 0
        || bytes.length > MAX_ID_BYTES
        || id.chars().anyMatch(Character::isISOControl)) {
      throw NodeFailure.invalid(
          "id of an object",
          "1 to " + MAX_ID_BYTES + " bytes of UTF-8, no control characters",
          id == null ? "none" : bytes.length + " bytes");
    }
    return ByteBuffer.allocate(1 + bytes.length).put(OBJECT).put(bytes).array();
  }

  private static byte[] utf8(String id) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(id));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw NodeFailure.invalid("id of an object", "text that UTF-8 can write", "half a pair");
    }
  }

  static String id(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  static byte[] value(StoredObject object, int dimensions) {
    float[] vector = vector(object.vector(), dimensions, "object " + object.id());
    byte[] properties = properties(object);
    var value =
        ByteBuffer.allocate(HEADER_BYTES + vector.length * Float.BYTES + properties.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    value.put(FORMAT).putInt(vector.length);
    for (float component : vector) {
      value.putFloat(component);
    }
    return value.put(properties).array();
  }

  /** The vector, after a check of its length and that every component is finite. */
  static float[] vector(float @Nullable [] vector, int dimensions, String owner) {
    if (vector == null || vector.length != dimensions) {
      throw NodeFailure.invalid(
          "vector of " + owner,
          dimensions + " dimensions",
          vector == null ? "none" : vector.length + " dimensions");
    }
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw NodeFailure.invalid(
            "vector of " + owner, "finite floats", vector[i] + " at position " + i);
      }
    }
    return vector;
  }

  private static byte[] properties(StoredObject object) {
    Map<String, Object> properties = object.properties() == null ? Map.of() : object.properties();
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      if (!flat(property.getValue())) {
        throw NodeFailure.invalid(
            "property " + property.getKey() + " of object " + object.id(),
            "a string, a boolean, a 64-bit integer or a finite double",
            property.getValue());
      }
    }
    try {
      byte[] bytes = JSON.writeValueAsBytes(properties);
      if (bytes.length > MAX_PROPERTIES_BYTES) {
        throw NodeFailure.invalid(
            "properties of object " + object.id(),
            "at most " + MAX_PROPERTIES_BYTES + " bytes of JSON",
            bytes.length + " bytes");
      }
      return bytes;
    } catch (JsonProcessingException e) {
      throw NodeFailure.invalid("properties of object " + object.id(), "JSON", e.getMessage());
    }
  }

  private static boolean flat(@Nullable Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || (value instanceof Double number && Double.isFinite(number));
  }

  static StoredObject object(String id, byte[] value) {
    return new StoredObject(id, vector(value, dimensions(value)), properties(value, value.length));
  }

  static int dimensions(byte[] value) {
    var header = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    byte format = header.get();
    if (format != FORMAT) {
      throw new IllegalStateException("a row of format " + format + ", expected " + FORMAT);
    }
    return header.getInt();
  }

  static float[] vector(byte[] value, int dimensions) {
    float[] vector = new float[dimensions];
    readVector(value, vector);
    return vector;
  }

  static void readVector(byte[] value, float[] into) {
    ByteBuffer.wrap(value, HEADER_BYTES, into.length * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(into);
  }

  /**
   * @param length how many bytes of the value count: its array may be a reused, longer one
   */
  static Map<String, Object> properties(byte[] value, int length) {
    int start = HEADER_BYTES + dimensions(value) * Float.BYTES;
    try {
      return JSON.readValue(value, start, length - start, PROPERTIES);
    } catch (IOException e) {
      throw new IllegalStateException("properties of a row are damaged", e);
    }
  }
}
