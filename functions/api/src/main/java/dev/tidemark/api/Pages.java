package dev.tidemark.api;

import dev.tidemark.api.json.Cursor;
import dev.tidemark.core.failure.PermanentFailure;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of lists that are ordered by start. A cursor is the place of the last element, so what
 * comes and goes meanwhile neither hides nor repeats others.
 */
final class Pages {
  private Pages() {}

  /** Of their starts. */
  enum Order {
    NEWEST_FIRST,
    OLDEST_FIRST;

    private Comparator<Place> places() {
      return this == NEWEST_FIRST ? Place.NEWEST_FIRST : Place.NEWEST_FIRST.reversed();
    }
  }

  /**
   * A place in a list.
   *
   * @param id tells apart what started in the same moment
   */
  private record Place(Instant start, String id) {
    static final Comparator<Place> NEWEST_FIRST =
        Comparator.comparing(Place::start).reversed().thenComparing(Place::id);
  }

  /** One page; {@code next} is null where it is the last one. */
  record Page<T>(List<T> elements, @Nullable String next) {}

  static <T> Page<T> of(
      List<T> all,
      Function<T, Instant> start,
      Function<T, String> id,
      Order order,
      @Nullable String after,
      int limit) {
    Function<T, Place> place = each -> new Place(start.apply(each), id.apply(each));
    Place from = after == null ? null : place(after);
    List<T> rest =
        all.stream()
            .filter(each -> from == null || order.places().compare(place.apply(each), from) > 0)
            .sorted(Comparator.comparing(place, order.places()))
            .limit(limit + 1L)
            .toList();
    if (rest.size() <= limit) {
      return new Page<>(rest, null);
    }
    List<T> page = rest.subList(0, limit);
    Place last = place.apply(page.get(limit - 1));
    return new Page<>(page, Cursor.of(last.start().toString(), last.id()));
  }

  private static Place place(String cursor) {
    try {
      String[] parts = Cursor.parts(cursor);
      return new Place(Instant.parse(parts[0]), parts[1]);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw refused(cursor).cause(e);
    }
  }

  static PermanentFailure refused(String cursor) {
    return Query.refused("after", "the next of another page of this list", cursor);
  }
}
