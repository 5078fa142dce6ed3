package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All obligations of a store of secrets; to be implemented by an adapter's test. */
public interface SecretStoreContract {

  /** The same environment throughout a test. */
  SecretStoreEnvironment environment();

  @Test
  default void aSecretComesBackAsItWasKept() {
    SecretStore store = environment().open();
    for (String value :
        List.of("s3cret", "pass phrase ü ☃", " leading and trailing ", "x".repeat(10_000))) {
      assertThat(store.resolve(environment().keep(value))).isEqualTo(value);
    }
  }

  @Test
  default void whatIsNotThereIsNotFoundAndNamed() {
    String reference = environment().missing();

    PermanentFailure failure = failure(reference);

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasMessageContaining(reference);
  }

  @Test
  default void aReferenceOfNoKnownSchemeIsRefusedWithoutRepeatingWhatMayBeTheSecret() {
    for (String reference : List.of("hunter2", "", "unknown-scheme:hunter2")) {
      PermanentFailure failure = failure(reference);

      assertThat(failure.kind()).as(reference).isEqualTo(Kind.INVALID);
      assertThat(printed(failure)).contains("expected").doesNotContain("hunter2");
    }
  }

  private PermanentFailure failure(String reference) {
    return catchThrowableOfType(
        PermanentFailure.class, () -> environment().open().resolve(reference));
  }

  /** With the messages of all causes. */
  private static String printed(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
