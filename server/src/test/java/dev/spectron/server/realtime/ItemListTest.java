package dev.spectron.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.sdk.Turn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a dialogue is left when items are deleted and truncated. */
class ItemListTest {
  private final ItemList items = new ItemList(8);

  @BeforeEach
  void talk() {
    items.add(Item.ofUser("q1", 100).said("one"));
    items.add(Item.ofAnswer("a1", "q1", true).ended("completed", "first", 100));
    items.add(Item.ofUser("q2", 100).said("two"));
    items.add(Item.ofAnswer("a2", "q2", true).ended("completed", "second", 100));
  }

  @Test
  void eachAnswerIsATurnWithItsQuestion() {
    assertThat(items.turns()).containsExactly(new Turn("one", "first"), new Turn("two", "second"));
  }

  @Test
  void aQuestionAnsweredTwiceIsTwoTurnsAndOneUnderWayIsNone() {
    items.add(Item.ofAnswer("a3", "q2", true).ended("completed", "third", 100));
    items.add(Item.ofAnswer("a4", "q2", true));
    items.add(Item.ofUser("q3", 100));
    assertThat(items.turns())
        .containsExactly(
            new Turn("one", "first"), new Turn("two", "second"), new Turn("two", "third"));
  }

  @Test
  void whatIsDeletedOrTruncatedIsEmpty() {
    items.remove("q1");
    assertThat(items.turns()).containsExactly(new Turn("", "first"), new Turn("two", "second"));
    items.update(items.get("a2").forgotten(10));
    assertThat(items.turns()).containsExactly(new Turn("", "first"), new Turn("two", ""));
    items.remove("a1");
    items.remove("a2");
    assertThat(items.turns()).containsExactly(new Turn("two", ""));
    items.remove("q2");
    assertThat(items.turns()).isEmpty();
  }
}
