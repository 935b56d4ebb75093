package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DjlBackendProviderTest {
  @Test
  void isFoundByTheServiceLoader() {
    BackendProvider found =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("djl"))
            .findFirst()
            .orElseThrow();
    assertThat(found).isInstanceOf(DjlBackendProvider.class);
    assertThat(found.rank()).isEqualTo(5);
  }

  @Test
  void opensWhereTheProbeSaysSo() {
    DjlBackendProvider provider = new DjlBackendProvider();
    BackendProvider.Availability availability = provider.probe();
    assertThat(availability.available()).as(availability.detail()).isTrue();
    try (Backend backend = provider.open()) {
      assertThat(backend.name()).isEqualTo("djl");
    }
  }

  @Test
  void aForeignPlatformIsToldWhatToDo() {
    assertThat(DjlBackendProvider.probe("mac os x", "aarch64"))
        .isEqualTo(
            new BackendProvider.Availability(
                false,
                "djl: expected Linux on x86-64, found mac os x aarch64; choose another back end"));
  }
}
