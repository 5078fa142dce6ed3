package dev.tidemark.api;

/** Told of requests, for a host's log; never of tokens or bodies. Must neither block nor throw. */
public interface RequestLog {
  RequestLog NONE =
      new RequestLog() {
        @Override
        public void answered(String caller, String method, String path, int status) {}

        @Override
        public void failed(String method, String path, RuntimeException failure) {}
      };

  /**
   * @param caller a name; empty where nobody knows who asked
   */
  void answered(String caller, String method, String path, int status);

  /** A request was answered by a status of 500 or above; told before {@link #answered}. */
  void failed(String method, String path, RuntimeException failure);
}
