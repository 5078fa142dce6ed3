package dev.tidemark.node.failure;

import org.jspecify.annotations.Nullable;

/** A refusal or failure with all that its problem document says. */
public final class NodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private NodeFailure(Problem problem, @Nullable Throwable cause) {
    super(text(problem), cause);
    this.problem = problem;
  }

  /**
   * @param detail what was to be done to which thing, by its name
   */
  public static NodeFailure of(Kind kind, String detail) {
    return new NodeFailure(
        new Problem(kind.urn(), kind.title(), kind.status(), detail, null, null, null), null);
  }

  /** The failure that another node answered. */
  public static NodeFailure of(Problem problem) {
    return new NodeFailure(problem, null);
  }

  public static NodeFailure invalid(String what, String expected, @Nullable Object found) {
    return of(Kind.INVALID_REQUEST, what).expected(expected).found(String.valueOf(found));
  }

  public NodeFailure expected(String expected) {
    return with(
        new Problem(
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            expected,
            problem.found(),
            problem.hint()));
  }

  public NodeFailure found(@Nullable String found) {
    return with(
        new Problem(
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            problem.expected(),
            found,
            problem.hint()));
  }

  public NodeFailure hint(String hint) {
    return with(
        new Problem(
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            problem.expected(),
            problem.found(),
            hint));
  }

  public NodeFailure cause(Throwable cause) {
    return new NodeFailure(problem, cause);
  }

  private NodeFailure with(Problem changed) {
    return new NodeFailure(changed, getCause());
  }

  public Kind kind() {
    return problem.kind();
  }

  public Problem problem() {
    return problem;
  }

  private static String text(Problem problem) {
    var text = new StringBuilder(problem.title()).append(": ").append(problem.detail());
    append(text, "expected", problem.expected());
    append(text, "found", problem.found());
    append(text, "hint", problem.hint());
    return text.toString();
  }

  private static void append(StringBuilder text, String label, @Nullable String value) {
    if (value != null) {
      text.append("; ").append(label).append(' ').append(value);
    }
  }
}
