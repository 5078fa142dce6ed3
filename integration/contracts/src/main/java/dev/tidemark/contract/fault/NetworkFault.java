package dev.tidemark.contract.fault;

import java.util.List;

/** What goes wrong with one exchange over a network: a request and its answer. */
public sealed interface NetworkFault {
  /** All goes well. */
  NetworkFault PASS = new Pass();

  /** The request is taken, and never answered; the server does not see it. */
  NetworkFault HANG = new Hang();

  /** The connection is reset before the server sees the request. */
  NetworkFault REFUSE = new Refuse();

  /** The server does the work, and the connection is reset before the first byte of its answer. */
  NetworkFault LOSE_REPLY = new LoseReply();

  /**
   * The connection is closed in the middle of the answer's body, as that of a server that died: its
   * head came, and half of the bytes that came next. An answer without a body passes.
   */
  NetworkFault CUT = new Cut();

  /**
   * The server does the work, its answer is dropped, and only the direction to the client is
   * closed: it can go on sending, and hears nothing any more.
   */
  NetworkFault HALF_CLOSE = new HalfClose();

  /** One of each that ends by itself. */
  List<NetworkFault> QUICK =
      List.of(REFUSE, LOSE_REPLY, CUT, HALF_CLOSE, new Answer(503), new Answer(500));

  /** See {@link #PASS}. */
  record Pass() implements NetworkFault {}

  /** See {@link #HANG}. */
  record Hang() implements NetworkFault {}

  /** See {@link #REFUSE}. */
  record Refuse() implements NetworkFault {}

  /** See {@link #LOSE_REPLY}. */
  record LoseReply() implements NetworkFault {}

  /** See {@link #CUT}. */
  record Cut() implements NetworkFault {}

  /** See {@link #HALF_CLOSE}. */
  record HalfClose() implements NetworkFault {}

  /** The request and its answer go through, each at so many bytes a second. */
  record Slow(int bytesPerSecond) implements NetworkFault {}

  /** An answer of HTTP without the server; the connection ends with it. */
  record Answer(int status) implements NetworkFault {}
}
