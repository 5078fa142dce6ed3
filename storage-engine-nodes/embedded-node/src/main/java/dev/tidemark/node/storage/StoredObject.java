package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a collection.
 *
 * @param id 1 … 128 bytes of UTF-8
 * @param vector as many finite floats as the collection has dimensions, kept bit for bit
 * @param properties strings, booleans, 64-bit integers, doubles
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; a list would box each float.
public record StoredObject(String id, float[] vector, @Nullable Map<String, Object> properties) {}
