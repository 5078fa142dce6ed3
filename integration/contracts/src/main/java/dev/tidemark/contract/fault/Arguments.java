package dev.tidemark.contract.fault;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of a call that is made again when its caller has long gone on. */
final class Arguments {
  private Arguments() {}

  static @Nullable Object[] copy(@Nullable Object[] arguments) {
    @Nullable Object[] copies = arguments.clone();
    for (int i = 0; i < copies.length; i++) {
      copies[i] = copy(copies[i]);
    }
    return copies;
  }

  private static @Nullable Object copy(@Nullable Object argument) {
    if (argument instanceof ByteBuffer buffer) {
      return copy(buffer);
    }
    if (argument instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(ByteBuffer.class::isInstance)) {
      return list.stream().map(each -> copy((ByteBuffer) each)).toList();
    }
    return argument;
  }

  private static ByteBuffer copy(ByteBuffer buffer) {
    return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
  }
}
