@NullMarked
package dev.tidemark.aws.http;

import org.jspecify.annotations.NullMarked;
