/**
 * Tidemark on AWS: Lambda functions on a DynamoDB table, two SQS queues and a control bucket.
 *
 * <pre>
 * EventBridge Scheduler ─ policy, slot ─→ ScheduleHandler ─┐   tick, once a minute
 *                       control queue ─→ ControlHandler  ──┼─→ Dispatcher ─→ table, queues, vault
 *                       transfer queue ─→ TransferHandler ─┘
 *                       dead letters  ─→ DeadLetterHandler
 * API Gateway ─ HTTP request ─→ ApiHandler ─→ Control ─→ table, queues, vault
 * </pre>
 *
 * <p>A handler decodes, dispatches and reports; {@link dev.tidemark.aws.AwsPlatform} wires it, by
 * hand, from environment variables that Terraform sets. Nothing is kept between two invocations but
 * clients and what never changes, so any of them may be the first or the last of its process.
 *
 * <h2>What is deployed</h2>
 *
 * <p>One zip, {@code target/tidemark-aws-lambda.zip}, for the runtime {@code java21} on either
 * architecture; the handlers are {@code dev.tidemark.aws.ScheduleHandler}, {@code ControlHandler},
 * {@code TransferHandler} and {@code DeadLetterHandler}, each with {@code ::handleRequest}. {@code
 * ApiHandler} is in the module {@code functions/aws-api}, which wires the HTTP API over {@link
 * dev.tidemark.aws.AwsPlatform#control} and has a zip of its own: nobody else waits for a framework
 * to start. Their variables are those of {@link dev.tidemark.aws.AwsEnvironment}, what a schedule
 * sends is that of {@link dev.tidemark.aws.ScheduleEvent}; both mappings of the work queues report
 * batch item failures, and the transfer queue's has batches of one.
 *
 * <h2>Table</h2>
 *
 * <p>One table, on demand: {@code pk} and {@code sk} (texts), {@code body}, {@code version}, {@code
 * write}. See {@link dev.tidemark.aws.DynamoStateTable}.
 *
 * <h2>Queues</h2>
 *
 * <p>Two standard queues with one dead letter queue between them, long visibility (a message comes
 * again only when its invocation died without a word; all else the flow sends anew), and partial
 * batch responses. A message of a newer release goes back to its queue.
 *
 * <h2>Notices</h2>
 *
 * <p>What became of a run goes to a bus of EventBridge, if {@code $TIDEMARK_EVENT_BUS} names one
 * (ControlHandler needs {@code events:PutEvents} on it); else it is a line of the log. See {@link
 * dev.tidemark.aws.EventBridgeNoticeBus} for what a rule can match.
 *
 * <h2>Endless work</h2>
 *
 * <p>A backup is a chain of invocations that send each other messages, and Lambda's recursive loop
 * detection would stop such a chain after about 16 of them. The functions must therefore be set to
 * {@code recursive_loop = "Allow"}; Tidemark's own guard takes its place: an item or a unit that
 * was tried {@code maxAttempts} times without progress fails its run.
 */
@NullMarked
package dev.tidemark.aws;

import org.jspecify.annotations.NullMarked;
