package dev.tidemark.api;

/** A request that cannot be read at all. */
final class MalformedRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ProblemKind kind;
  private final String subject;
  private final String expected;
  private final String found;

  MalformedRequest(ProblemKind kind, String subject, String expected, String found) {
    super(subject + ": expected " + expected + ", found " + found);
    this.kind = kind;
    this.subject = subject;
    this.expected = expected;
    this.found = found;
  }

  ProblemKind kind() {
    return kind;
  }

  String subject() {
    return subject;
  }

  String expected() {
    return expected;
  }

  String found() {
    return found;
  }
}
