package dev.tidemark.api.json;

/** What names look like, as regular expressions. */
public final class Patterns {
  public static final String BACKUP_ID = "^[a-z0-9_-]{1,128}$";
  public static final String NAME = "^[a-z0-9-]{1,40}$";
  public static final String RUN = "^[a-z0-9-]{1,40}[.][a-z0-9]{12}$";
  public static final String SUFFIX = "^[^/\\x00]{1,100}$";

  private Patterns() {}
}
