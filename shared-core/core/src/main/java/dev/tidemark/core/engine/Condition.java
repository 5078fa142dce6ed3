package dev.tidemark.core.engine;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.util.function.Supplier;

/**
 * Something that must hold for backups of a cluster, and whether it does.
 *
 * @param text what is to hold
 * @param found what was found; empty where that says nothing more
 * @param hint what to do; empty where there is nothing
 */
public record Condition(String text, Verdict verdict, String found, String hint) {

  /** Whether it holds. */
  public enum Verdict {
    GOOD,
    /** Backups can be made, but something is to be mended before it does harm. */
    WARNING,
    /** No backup can be made as things are. */
    BAD,
    /** It could not be asked. */
    UNKNOWN
  }

  public static Condition good(String text, String found) {
    return new Condition(text, Verdict.GOOD, found, "");
  }

  public static Condition warning(String text, String found, String hint) {
    return new Condition(text, Verdict.WARNING, found, hint);
  }

  public static Condition bad(String text, String found, String hint) {
    return new Condition(text, Verdict.BAD, found, hint);
  }

  public static Condition unknown(String text, String found, String hint) {
    return new Condition(text, Verdict.UNKNOWN, found, hint);
  }

  /**
   * Looks whether a condition holds.
   *
   * @param look answers what it found; fails as what needs the condition does
   */
  public static Condition of(String text, Supplier<String> look) {
    try {
      return good(text, look.get());
    } catch (PermanentFailure e) {
      // One that says nothing of its own kind is told as it is.
      return e.found().isEmpty()
          ? bad(text, String.valueOf(e.getMessage()), "")
          : bad(text, e.subject() + ": " + e.found(), e.hint());
    } catch (TransientFailure e) {
      return bad(text, String.valueOf(e.getMessage()), "it may pass by itself; try again");
    }
  }
}
