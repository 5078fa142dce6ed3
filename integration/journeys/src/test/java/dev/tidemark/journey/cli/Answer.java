package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What a command printed, and how it ended. */
record Answer(List<String> command, int exitCode, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Answer done() {
    return ends(0);
  }

  /** Ended with this code, and without a stack trace. */
  Answer ends(int code) {
    assertThat(exitCode).as("the exit code of %s", this).isEqualTo(code);
    assertThat(out + err)
        .as("what was printed")
        .doesNotContain("\tat ")
        .doesNotContain("unexpected ");
    return this;
  }

  /** Refused as bad input, with what was expected and found, and these words. */
  Answer refused(String... words) {
    ends(2);
    assertThat(err).as("%s", this).contains("expected ").contains("found ").contains(words);
    return this;
  }

  /** Failed after it had begun, with a sentence of these words. */
  Answer failed(String... words) {
    ends(1);
    assertThat(out + err).as("%s", this).contains(words);
    return this;
  }

  JsonNode json() {
    try {
      return JSON.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON document: " + this, e);
    }
  }

  @Override
  public String toString() {
    return "tidemark %s%n-- exit code %d%n-- out%n%s%n-- err%n%s"
        .formatted(String.join(" ", command), exitCode, out, err);
  }
}
