/**
 * The API behind an HTTP API of API Gateway, payload format 2.0: {@link
 * dev.tidemark.aws.http.Gateway} makes requests of events and events of answers, by
 * micronaut-function-aws-api-proxy, and otherwise than that where its own reading of them is not
 * ours:
 *
 * <ul>
 *   <li>Query: of {@code rawQueryString}. The map beside it has the values of one name joined by
 *       commas, so that a comma in a value cannot be told from the next value.
 *   <li>Path: of {@code rawPath}, which the gateway has decoded and which may begin with a stage or
 *       with the base path of a domain. What stands before {@code /v1} is the gateway's.
 *   <li>Headers: names in any case; all values of an answer's header in one, separated by commas.
 *   <li>Body: decoded where it is base64; an answer's is text.
 * </ul>
 *
 * <p>An invocation answers with at most 6 MiB. Where an answer would be larger it is refused, with
 * what to ask for instead; lists have pages.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">the
 *     payload</a>
 */
@NullMarked
package dev.tidemark.aws.http;

import org.jspecify.annotations.NullMarked;
