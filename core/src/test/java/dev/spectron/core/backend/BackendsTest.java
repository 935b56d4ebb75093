package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.BackendProvider.Availability;
import dev.spectron.core.error.BackendException;
import java.lang.System.Logger;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static final Availability HERE = new Availability(true, "256-bit vectors");
  private static final Availability GONE =
      new Availability(false, "jdk.incubator.vector is not loaded; start Java with it");

  private final List<String> log = new ArrayList<>();
  private final BackendProvider reference = new ReferenceBackendProvider();

  @Test
  void autoTakesTheHighestRankThatIsAvailableAndSaysWhy() {
    Backends backends = backends(reference, provider("cpu", 50, HERE), provider("cuda", 100, GONE));
    try (Backend backend = backends.openBest()) {
      assertThat(backend).isInstanceOf(CheckedBackend.class);
      assertThat(backend.name()).isEqualTo("cpu");
    }
    assertThat(log)
        .containsExactly(
            "INFO backend auto: chose cpu (256-bit vectors)",
            "DEBUG backend auto: passed over cuda: jdk.incubator.vector is not loaded; start Java with it");
  }

  @Test
  void autoWarnsWhenOnlyTheReferenceIsLeft() {
    try (Backend backend = backends(provider("cpu", 50, GONE), reference).openBest()) {
      assertThat(backend.name()).isEqualTo("reference");
    }
    assertThat(log)
        .endsWith(
            "WARNING backend auto: only the slow reference can open, expect minutes for an answer;"
                + " passed over: [cpu: jdk.incubator.vector is not loaded; start Java with it]");
  }

  @Test
  void autoGoesOnWhenOneFailsToOpenAndWarns() {
    try (Backend backend = backends(new Broken(), provider("cpu", 50, HERE)).openBest()) {
      assertThat(backend.name()).isEqualTo("cpu");
    }
    assertThat(log).first().isEqualTo("WARNING backend broken failed to open");
  }

  @Test
  void autoFailsWhereNothingOpens() {
    assertThatThrownBy(() -> backends(provider("cpu", 50, GONE)).openBest())
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend auto: expected one that can open, found none; passed over: [cpu: jdk.incubator.vector is not loaded; start Java with it]");
  }

  @Test
  void aNamedBackEndThatCannotOpenIsAnError() {
    assertThatThrownBy(() -> backends(reference, provider("cpu", 50, GONE)).openNamed("cpu"))
        .isInstanceOf(BackendException.class)
        .hasMessage("backend cpu: jdk.incubator.vector is not loaded; start Java with it");
    assertThat(log).isEmpty();
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> backends(reference, provider("cpu", 50, HERE)).openNamed("tpu"))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend tpu: expected auto or one of [cpu, reference], found no such back end; put its jar on the class path");
  }

  @Test
  void theReferenceIsFoundOnTheClassPath() {
    try (Backend backend = Backends.open("reference")) {
      assertThat(backend).isInstanceOf(CheckedBackend.class);
      assertThat(backend.name()).isEqualTo("reference");
    }
    assertThat(Backends.list())
        .contains(new Backends.Listing("reference", 0, new ReferenceBackendProvider().probe()));
  }

  private Backends backends(BackendProvider... providers) {
    return new Backends(List.of(providers), new ListLogger(log));
  }

  private static BackendProvider provider(String name, int rank, Availability availability) {
    return new Fake(name, rank, availability);
  }

  private record Fake(String name, int rank, Availability availability) implements BackendProvider {
    @Override
    public Availability probe() {
      return availability;
    }

    @Override
    public Backend open() {
      return new Named(name);
    }
  }

  private static final class Named extends ForwardingBackend {
    private final String name;

    Named(String name) {
      super(new ReferenceBackend());
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }
  }

  private record Broken() implements BackendProvider {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public int rank() {
      return 1000;
    }

    @Override
    public Availability probe() {
      return HERE;
    }

    @Override
    public Backend open() {
      throw new BackendException("backend broken: out of luck; try another");
    }
  }

  private record ListLogger(List<String> lines) implements Logger {
    @Override
    public String getName() {
      return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      lines.add(level + " " + message);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      lines.add(level + " " + MessageFormat.format(format, parameters));
    }
  }
}
