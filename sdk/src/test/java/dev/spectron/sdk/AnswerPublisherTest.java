package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.error.CancelledException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

class AnswerPublisherTest {
  /** Work begins, and so can fail, with the first request; and an answer has an end. */
  private static final Set<String> NOT_APPLICABLE =
      Set.of(
          "optional_spec104_mustSignalOnErrorWhenFails",
          "required_spec109_mayRejectCallsToSubscribeIfPublisherIsUnableOrUnwillingToServeThemRejectionMustTriggerOnErrorAfterOnSubscribe",
          "required_spec317_mustNotSignalOnErrorWhenPendingAboveLongMaxValue");

  @Test
  void thePublisherPassesTheSuiteOfReactiveStreams() {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG suite = new TestNG(false);
    suite.setVerbose(0);
    suite.setTestClasses(new Class<?>[] {Rules.class});
    suite.addListener(results);
    suite.run();
    assertThat(results.getFailedTests()).isEmpty();
    assertThat(results.getConfigurationFailures()).isEmpty();
    assertThat(results.getPassedTests()).hasSizeGreaterThan(20);
    assertThat(results.getSkippedTests())
        .extracting(result -> result.getMethod().getMethodName())
        .filteredOn(name -> !name.startsWith("untested_"))
        .containsExactlyInAnyOrderElementsOf(NOT_APPLICABLE);
  }

  /** Events of answers that no model makes. */
  public static final class Rules extends FlowPublisherVerification<AnswerEvent> {
    /** Waits are generous: a busy machine is no failure. */
    public Rules() {
      super(new TestEnvironment(2000, 100));
    }

    @Override
    public Flow.Publisher<AnswerEvent> createFlowPublisher(long elements) {
      return new AnswerPublisher(sink -> begin(sink, elements), 4, Duration.ofSeconds(30));
    }

    /** None: work begins, and so can fail, with the first request and not before. */
    @Override
    public Flow.Publisher<AnswerEvent> createFailedFlowPublisher() {
      return null;
    }

    @Override
    public long maxElementsFromPublisher() {
      return 1000;
    }

    private static final Answer ANSWER =
        new Answer(
            "",
            "",
            new Spectrogram(new LogMel(new float[0], FeatureSpec.spectron())),
            Speech.of(new float[1], 16_000),
            true,
            new Timings(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            new Answer.Context(0, 0));

    private static Runnable begin(EventSink sink, long elements) {
      Thread.ofVirtual().start(() -> make(sink, elements));
      return () ->
          sink.end(new AnswerEvent.Failed("answer.cancelled", new CancelledException("a: b; c")));
    }

    private static void make(EventSink sink, long elements) {
      try {
        for (long i = 1; i < elements; i++) {
          sink.put(new AnswerEvent.TextDelta(Long.toString(i)));
        }
        sink.end(new AnswerEvent.Done(ANSWER));
      } catch (CancelledException e) {
        assertThat(e).hasMessageContaining("wanted no more");
      }
    }
  }
}
