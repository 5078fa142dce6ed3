package dev.tidemark.local.sqlite;

import dev.tidemark.contract.StateTableContract;
import dev.tidemark.contract.StateTableEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteStateTableTest implements StateTableContract {
  private final Path folder;
  private final List<StateFile> opened = Collections.synchronizedList(new ArrayList<>());

  SqliteStateTableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  public StateTableEnvironment environment() {
    return () -> {
      StateFile file = StateFile.open(folder);
      opened.add(file);
      return new SqliteStateTable(file);
    };
  }

  @AfterEach
  void close() {
    opened.forEach(StateFile::close);
  }
}
