package dev.tidemark.core.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a transfer has come. Holds only for the snapshot that was read.
 *
 * @param parts written so far, in order; the last one may end in an unfinished file
 * @param epoch whose counters these are; another epoch counts anew
 * @param nextBlob the next {@code n} of a blob
 * @param nextPart the next {@code n} of a part or list
 * @param tries how often the unfinished file, which changes, has been begun
 * @param dropped how many entries vanished or were unreadable
 * @param bytes of content of the entries listed so far
 * @param baseSuspect whether the base turned out not to match, so that nothing of it is used
 */
public record Checkpoint(
    PartList parts,
    int epoch,
    int nextBlob,
    int nextPart,
    int tries,
    long dropped,
    long bytes,
    boolean baseSuspect) {

  /** Nothing done yet. */
  public static final Checkpoint START = new Checkpoint(PartList.EMPTY, 0, 0, 0, 0, 0, 0, false);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The JSON form: one object, at most 24 KiB. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("epoch", epoch).put("nextBlob", nextBlob).put("nextPart", nextPart);
    json.put("tries", tries).put("dropped", dropped);
    json.put("bytes", bytes).put("baseSuspect", baseSuspect);
    PartList.ListRef list = parts.object();
    if (list == null) {
      var refs = json.putArray("parts");
      parts.inline().forEach(ref -> write(refs.addObject(), ref));
    } else {
      json.putObject("list")
          .put("name", list.name())
          .put("sha256", list.sha256())
          .put("parts", list.parts());
    }
    return json.toString();
  }

  /**
   * Reads what {@link #toJson} wrote; unknown fields are ignored.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static Checkpoint parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return new Checkpoint(
          parts(json),
          json.required("epoch").intValue(),
          json.required("nextBlob").intValue(),
          json.required("nextPart").intValue(),
          json.required("tries").intValue(),
          json.required("dropped").longValue(),
          json.path("bytes").asLong(),
          json.required("baseSuspect").booleanValue());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a checkpoint: " + text, e);
    }
  }

  private static PartList parts(JsonNode json) {
    JsonNode list = json.get("list");
    if (list != null) {
      return new PartList(
          List.of(),
          new PartList.ListRef(
              list.required("name").textValue(),
              list.required("sha256").textValue(),
              list.required("parts").intValue()));
    }
    var refs = new ArrayList<PartRef>();
    json.required("parts").forEach(ref -> refs.add(ref(ref)));
    return new PartList(List.copyOf(refs), null);
  }

  private static void write(ObjectNode json, PartRef ref) {
    json.put("name", ref.name());
    json.put("first", ref.first().toString());
    json.put("last", ref.last().toString());
    json.put("entries", ref.entries());
    json.put("stored", ref.stored());
    json.put("sha256", ref.sha256());
  }

  private static PartRef ref(JsonNode json) {
    return new PartRef(
        json.required("name").textValue(),
        EntryPath.parse(json.required("first").textValue()),
        EntryPath.parse(json.required("last").textValue()),
        json.required("entries").longValue(),
        json.required("stored").longValue(),
        json.required("sha256").textValue());
  }

  /** A new beginning that does not use the base. */
  Checkpoint withoutBase(int usedEpoch, int blob, int part) {
    return new Checkpoint(PartList.EMPTY, usedEpoch, blob, part, 0, 0, 0, true);
  }

  /** The last part that lists entries; null where none does. */
  static @Nullable PartRef lastListing(List<PartRef> parts) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i).entries() > 0) {
        return parts.get(i);
      }
    }
    return null;
  }
}
