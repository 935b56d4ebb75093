package dev.spectron.server.realtime;

import dev.spectron.sdk.Turn;
import dev.spectron.server.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/** The items of a conversation in their order, no more than may be remembered. */
final class ItemList {
  /** In the place of an item: the start of the conversation. */
  static final String ROOT = "root";

  private final int most;
  private final List<Item> items = new ArrayList<>();

  ItemList(int most) {
    this.most = most;
  }

  /**
   * Adds at the end.
   *
   * @return id of the item before, empty if there is none
   */
  String add(Item item) {
    String previous = items.isEmpty() ? "" : items.getLast().id();
    items.add(item);
    return previous;
  }

  /**
   * Adds after an item.
   *
   * @param previous id of an item, or {@link #ROOT}
   */
  void addAfter(String previous, Item item) {
    items.add(previous.equals(ROOT) ? 0 : indexOf(previous) + 1, item);
  }

  /** Drops the oldest if there are too many; what was dropped. */
  List<Item> trim() {
    List<Item> dropped = new ArrayList<>();
    while (items.size() > most) {
      dropped.add(items.removeFirst());
    }
    return dropped;
  }

  boolean holds(String id) {
    return items.stream().anyMatch(item -> item.id().equals(id));
  }

  /** Id of the item before one, empty for the first. */
  String before(String id) {
    int index = indexOf(id);
    return index == 0 ? "" : items.get(index - 1).id();
  }

  Item get(String id) {
    return items.get(indexOf(id));
  }

  /** Puts a newer state in the place of an item, if it is still there. */
  void update(Item item) {
    items.replaceAll(old -> old.id().equals(item.id()) ? item : old);
  }

  void remove(String id) {
    items.remove(indexOf(id));
  }

  /**
   * The dialogue, as far as the items know it: each answer that is over with its question, and
   * questions whose answers were deleted. What was deleted or truncated is empty.
   */
  List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    for (Item item : items) {
      boolean asks = item.speaker() == Item.Speaker.USER;
      Turn turn = asks ? new Turn(item.words(), "") : new Turn(words(item.answers()), item.words());
      boolean silent = turn.transcript().isEmpty() && turn.text().isEmpty();
      if (asks ? !silent && !isAnswered(item) : item.isOver() && !(silent && item.isEmpty())) {
        turns.add(turn);
      }
    }
    return turns;
  }

  private boolean isAnswered(Item question) {
    return items.stream().anyMatch(item -> item.answers().equals(question.id()));
  }

  private String words(String id) {
    return holds(id) ? get(id).words() : "";
  }

  private int indexOf(String id) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new ApiException(
        "item_not_found", "item_id", "expected an item of this conversation, found another id");
  }
}
