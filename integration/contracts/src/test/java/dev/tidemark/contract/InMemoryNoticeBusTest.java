package dev.tidemark.contract;

import dev.tidemark.core.memory.InMemoryNoticeBus;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.NoticeCodec;
import java.util.List;

class InMemoryNoticeBusTest implements NoticeBusContract, NoticeBusEnvironment {
  private final InMemoryNoticeBus bus = new InMemoryNoticeBus();

  @Override
  public NoticeBusEnvironment environment() {
    return this;
  }

  @Override
  public NoticeBus open() {
    return bus;
  }

  @Override
  public List<String> arrived(int atLeast) {
    return bus.published().stream().map(NoticeCodec::encode).toList();
  }
}
