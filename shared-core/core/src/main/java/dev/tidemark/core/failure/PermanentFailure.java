package dev.tidemark.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * Something that trying again cannot mend. Its message is a sentence for a person: what was
 * expected, what was found, of which id, and a hint what to do.
 *
 * <pre>{@code
 * throw PermanentFailure.of(Kind.NOT_FOUND, "vault 'nightly'")
 *     .expected("one of the vaults main, second")
 *     .found("no such vault in tidemark.yaml")
 *     .hint("correct the name, or add the vault to the configuration");
 * }</pre>
 */
public final class PermanentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who is to blame, and so which exit code or HTTP status answers. */
  public enum Kind {
    /** The request or the configuration is wrong: exit code 2, HTTP 422. */
    INVALID,
    /** The request names something that is not there: exit code 2, HTTP 404. */
    NOT_FOUND,
    /** The request collides with what is there: exit code 2, HTTP 409. */
    CONFLICT,
    /** Stored data is missing or is not what was stored: exit code 1. */
    DAMAGED,
    /** Anything else that will not pass by itself: exit code 1. */
    FAILED
  }

  private final Kind kind;
  private final String subject;
  private final String expected;
  private final String found;
  private final String hint;
  private final String run;

  private PermanentFailure(
      Kind kind,
      String subject,
      String expected,
      String found,
      String hint,
      String run,
      @Nullable Throwable cause) {
    super(sentence(subject, expected, found, hint), cause);
    this.kind = kind;
    this.subject = subject;
    this.expected = expected;
    this.found = found;
    this.hint = hint;
    this.run = run;
  }

  /**
   * @param subject the thing that the failure is about, with its id
   */
  public static PermanentFailure of(Kind kind, String subject) {
    return new PermanentFailure(kind, subject, "", "", "", "", null);
  }

  public PermanentFailure expected(String text) {
    return new PermanentFailure(kind, subject, text, found, hint, run, getCause());
  }

  public PermanentFailure found(String text) {
    return new PermanentFailure(kind, subject, expected, text, hint, run, getCause());
  }

  public PermanentFailure hint(String text) {
    return new PermanentFailure(kind, subject, expected, found, text, run, getCause());
  }

  /**
   * @param id of the run that is in the way; it is told in words too
   */
  public PermanentFailure run(String id) {
    return new PermanentFailure(kind, subject, expected, found, hint, id, getCause());
  }

  public PermanentFailure cause(Throwable cause) {
    return new PermanentFailure(kind, subject, expected, found, hint, run, cause);
  }

  public Kind kind() {
    return kind;
  }

  public String subject() {
    return subject;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }

  public String hint() {
    return hint;
  }

  /** The run that is in the way; empty where none is, or it is not known. */
  public String run() {
    return run;
  }

  private static String sentence(String subject, String expected, String found, String hint) {
    var text = new StringBuilder(subject);
    String separator = ": ";
    if (!expected.isEmpty()) {
      text.append(separator).append("expected ").append(expected);
      separator = ", ";
    }
    if (!found.isEmpty()) {
      text.append(separator).append(expected.isEmpty() ? "" : "found ").append(found);
    }
    if (!hint.isEmpty()) {
      text.append(". Hint: ").append(hint);
    }
    return text.toString();
  }
}
