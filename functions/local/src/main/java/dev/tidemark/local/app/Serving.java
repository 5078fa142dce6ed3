package dev.tidemark.local.app;

/** Told what a server does, and tells it when to stop. */
public interface Serving {

  /** A line for a person: the server started, a slot was dealt with, it stopped. */
  void says(String line);

  /** Asked a few times a second; once true, the server lays down its work and returns. */
  boolean stopped();
}
