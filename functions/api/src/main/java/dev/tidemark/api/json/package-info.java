/**
 * The JSON of requests and answers, for servers and clients of the API. What users build on: a
 * field is added, never renamed or removed; in an answer, one without a value is there as null.
 */
@NullMarked
package dev.tidemark.api.json;

import org.jspecify.annotations.NullMarked;
