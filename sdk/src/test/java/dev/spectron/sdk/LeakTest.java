package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a model that nobody closes. */
@Timeout(120)
class LeakTest {
  private final Logger logger = Logger.getLogger(Spectron.class.getName());
  private final Log log = new Log();

  @BeforeEach
  void listen() {
    logger.addHandler(log);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(log);
  }

  @Test
  void aModelThatIsNeverClosedIsReportedOnceWithThePlaceItWasOpened() throws InterruptedException {
    openAndForget();
    for (int i = 0; i < 600 && log.messages.isEmpty(); i++) {
      System.gc();
      Thread.sleep(50);
    }
    System.gc();
    assertThat(log.messages).hasSize(1);
    assertThat(log.messages.getFirst())
        .startsWith(
            "model toy-random was never closed; its memory is freed now, late. Close it, for instance with try-with-resources. It was opened\n\tat ")
        .contains("LeakTest.openAndForget");
  }

  private static void openAndForget() {
    Spectron spectron = Spectron.open(Toy.options().maxSpeechFrames(1).build());
    assertThat(spectron.answer(Toy.question(0)).text()).isNotNull();
  }

  @Test
  void aModelThatIsClosedIsNotReported() {
    LoadedModel model = LoadedModel.load(Toy.options().build());
    ModelThread thread = new ModelThread(model);
    Leak leak = Leak.ofOpening(thread);
    thread.close();
    leak.run();
    assertThat(log.messages).isEmpty();
  }

  private static final class Log extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      messages.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
