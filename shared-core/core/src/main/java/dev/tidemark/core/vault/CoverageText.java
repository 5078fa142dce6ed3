package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The coverage object: what a backup does not hold, and why; and what it holds beside shards. */
public final class CoverageText {
  /** Of a unit's notes so many are listed. */
  public static final int NOTES_PER_UNIT = 20;

  /** Of all notes so many are listed. */
  public static final int MAX_NOTES = 20_000;

  private static final String KIND = "coverage";

  private CoverageText() {}

  /** A thing that is not included. */
  public record Missing(String name, String why) {}

  /** A thing that is included beside shards, in words. */
  public record Included(String name, String what) {}

  /** A note of a unit. */
  public record UnitNote(String unit, PartNote note) {}

  /** All that a coverage object says. */
  public record Coverage(List<Missing> missing, List<Included> included, List<UnitNote> notes) {}

  /** Builds a coverage object in memory. */
  public static final class Writer {
    private final TextObject.Writer text = new TextObject.Writer();
    private String unit = "";
    private int ofUnit;
    private int notes;

    public Writer(String clusterId, String backup) {
      text.line(
          json -> {
            json.writeStringField("format", KIND + "/1.0");
            json.writeStringField("cluster", clusterId);
            json.writeStringField("backup", backup);
          });
    }

    public void missing(String name, String why) {
      text.line(
          json -> {
            json.writeStringField("missing", name);
            json.writeStringField("why", why);
          });
    }

    public void included(String name, String what) {
      text.line(
          json -> {
            json.writeStringField("included", name);
            json.writeStringField("what", what);
          });
    }

    /**
     * Adds a note, unit after unit in the order of the plan. Beyond {@link #NOTES_PER_UNIT} or
     * {@link #MAX_NOTES} it is left out: the unit's record still counts it.
     */
    public void note(String unitKey, PartNote note) {
      ofUnit = unitKey.equals(unit) ? ofUnit + 1 : 1;
      unit = unitKey;
      if (ofUnit > NOTES_PER_UNIT || notes >= MAX_NOTES) {
        return;
      }
      notes++;
      text.line(
          json -> {
            json.writeStringField("unit", unitKey);
            json.writeStringField("note", note.kind());
            json.writeStringField("path", note.path().toString());
            json.writeStringField("detail", note.detail());
          });
    }

    public TextObject.Finished finish() {
      return text.finish();
    }
  }

  static Coverage read(BlobStore store, String key, @Nullable String sha256) {
    try (TextReader text = TextReader.framed(store, key, KIND, -1, sha256)) {
      var missing = new ArrayList<Missing>();
      var included = new ArrayList<Included>();
      var notes = new ArrayList<UnitNote>();
      while (text.next()) {
        if (text.firstKey().equals("missing")) {
          JsonObject line = text.object();
          missing.add(new Missing(line.text("missing"), line.text("why")));
        } else if (text.firstKey().equals("included")) {
          JsonObject line = text.object();
          included.add(new Included(line.text("included"), line.text("what")));
        } else if (text.firstKey().equals("unit")) {
          JsonObject line = text.object();
          String unit = line.text("unit", "the key of a unit", VaultKeys::isUnit);
          notes.add(new UnitNote(unit, PartReader.note(line, line.text("note"))));
        }
        if (missing.size() + included.size() + notes.size() > 10 * MAX_NOTES) {
          throw text.damaged("at most " + 10 * MAX_NOTES + " lines", "more");
        }
      }
      return new Coverage(List.copyOf(missing), List.copyOf(included), List.copyOf(notes));
    }
  }
}
