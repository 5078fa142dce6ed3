package dev.tidemark.core.engine;

/**
 * The name under which a run acts on an engine.
 *
 * @param deployment the deployment's id, {@code [a-z0-9]{1,16}}
 * @param writer the run's 12 characters
 */
public record RunToken(String deployment, String writer) {

  /** The prefix of every name that a run makes on an engine. */
  public String name() {
    return "tidemark-" + deployment + "-" + writer;
  }
}
