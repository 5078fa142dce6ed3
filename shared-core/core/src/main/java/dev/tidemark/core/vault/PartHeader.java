package dev.tidemark.core.vault;

/** The header of a part; the words are those of the format. */
public record PartHeader(
    String cluster,
    String unit,
    String writer,
    int epoch,
    int n,
    String backup,
    String snapshot,
    long chunk) {

  /** The part's name under its unit's folder. */
  public String name() {
    return writer + "." + epoch + "." + n;
  }
}
